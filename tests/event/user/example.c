/* A user of the installed library: watches a pipe, and prints what it learns. Also valid C++11. */
#include <stdio.h>
#include <unistd.h>

#include <abp_event.h>
#ifdef __linux__
#include <abp_epoll.h>
#else
#include <abp_kqueue.h>
#endif

/* The layer below the loop: whether a queue of its own finds fd readable. */
static bool is_readable(int fd)
{
#ifdef __linux__
    int epfd = abp_ep_create();
    struct raw_epoll_event event;
    return epfd >= 0 && abp_ep_ctl(epfd, RAW_EPOLL_CTL_ADD, fd, RAW_EPOLLIN, 1) == 0 &&
           abp_ep_wait(epfd, &event, 1, 1000) == 1 && abp_ep_readable(&event);
#else
    int kq = abp_kq_create();
    struct raw_kevent event = abp_kev_change((uintptr_t)fd, RAW_EVFILT_READ, RAW_EV_ADD, 0, NULL);
    return kq >= 0 && abp_kq_apply(kq, &event, 1) == 0 && abp_kq_wait(kq, &event, 1, 1000) == 1 &&
           abp_kev_readable(&event);
#endif
}

int main(void)
{
    struct abp_loop loop;
    struct abp_event events[4];
    int fds[2];

    if (pipe(fds) < 0 || abp_loop_init(&loop, NULL) < 0)
        return 1;
    if (abp_loop_add_read(&loop, fds[0], fds) < 0 || write(fds[1], "x", 1) != 1)
        return 1;
    int n = abp_loop_wait(&loop, events, 4, 1000);
    if (n == 1 && events[0].udata == fds)
        printf("event: %s\n", events[0].readable ? "readable" : "not readable");
    abp_loop_close(&loop);
    return is_readable(fds[0]) ? 0 : 1;
}
