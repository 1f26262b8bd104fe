{ A Pascal library's own declarations of epoll. }
unit epoll;

interface

type
{$if defined(CPUX86_64) or defined(CPUI386)}
  {$packrecords 1}
{$else}
  {$packrecords C}
{$endif}
  TEpollEvent = record
    Events: LongWord;
    Data: QWord;
  end;
  PEpollEvent = ^TEpollEvent;

const
  EPOLLIN = $001;
  EPOLL_CLOEXEC = &2000000;

function epoll_ctl(epfd, op, fd: LongInt; event: PEpollEvent): LongInt; cdecl; external 'c';

implementation

end.
