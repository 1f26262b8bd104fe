/* A C library's own declarations of epoll, for users without <sys/epoll.h>. */
#include <stdint.h>

#if defined(__x86_64__) || defined(__i386__)
#define MY_PACKED __attribute__((packed)) /* the kernel packs it there, and nowhere else */
#else
#define MY_PACKED
#endif

struct my_epoll_event {
    uint32_t events;
    uint64_t data;
} MY_PACKED;

enum { MY_EPOLLIN = 0x001, MY_EPOLL_CLOEXEC = 02000000 };

int epoll_ctl(int epfd, int op, int fd, struct my_epoll_event *event);

int my_epoll_ctl(int epfd, int op, int fd, struct my_epoll_event *event)
{
    return epoll_ctl(epfd, op, fd, event);
}
