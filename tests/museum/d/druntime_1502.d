// struct epoll_event as case druntime-1502 of ../cases.yaml has it: packed on every target.
struct epoll_event
{
align(1):
    uint events;
    ulong data;
}

__gshared epoll_event event;
