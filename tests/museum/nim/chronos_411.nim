# struct epoll_event as case chronos-411 of ../cases.yaml has it: packed nowhere.
type EpollEvent {.exportc.} = object
  events: uint32
  data: uint64

var event {.exportc.}: EpollEvent
event.events = 1
