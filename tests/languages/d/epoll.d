/// A D library's own declarations of epoll.
module poller.epoll;

version (X86_64) version = KernelPacks;
version (X86) version = KernelPacks;

version (KernelPacks)
{
    struct EpollEvent
    {
    align(1):
        uint events;
        ulong data;
    }
}
else
{
    struct EpollEvent
    {
        uint events;
        ulong data;
    }
}

enum Interest : uint
{
    in_ = 0x001,
    edge = 1u << 31,
}

/// True if a set of events has this one.
bool has(Interest events, Interest one)
{
    return (events & one) != 0;
}

immutable int EPOLL_CLOEXEC = 0x80000;

extern (C) int epoll_ctl(int epfd, int op, int fd, EpollEvent* event);

int control(int epfd, int op, int fd, EpollEvent* event)
{
    return epoll_ctl(epfd, op, fd, event);
}
