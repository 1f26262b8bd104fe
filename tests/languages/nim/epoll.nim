## A Nim library's own declarations of epoll.

when defined(amd64) or defined(i386):
  type EpollEvent* {.exportc: "nim_epoll_event", packed.} = object
    events*: uint32
    data*: uint64
else:
  type EpollEvent* {.exportc: "nim_epoll_event".} = object
    events*: uint32
    data*: uint64

const
  EPOLLIN* = 0x001'u32
  EPOLL_CLOEXEC* = 0o2000000.cint

proc epoll_ctl*(epfd, op, fd: cint, event: ptr EpollEvent): cint {.importc, cdecl.}

# What is not used does not get into the C file, and constants never do.
let nimEvent {.exportc: "nim_event", used.} = EpollEvent()
let nimIn {.exportc: "nim_EPOLLIN", used.} = EPOLLIN
let nimCloexec {.exportc: "nim_EPOLL_CLOEXEC", used.} = EPOLL_CLOEXEC
let nimControl {.exportc: "nim_epoll_ctl", used.} = epoll_ctl
