{ struct kevent and its filters as case fpc-netbsd of ../cases.yaml has them. }
unit fpc_netbsd;

interface

type
  TKEvent = record
    ident: NativeUInt;
    filter: SmallInt;
    flags: Word;
    fflags: Cardinal;
    data: Int64;
    udata: Pointer;
  end;

const
  EVFILT_READ = -1;
  EVFILT_WRITE = -2;
  EVFILT_TIMER = -7;

var
  event: TKEvent;

implementation

end.
