/* A user of the installed library: watches a pipe, and prints what it learns. Also valid C++11. */
#include <stdio.h>
#include <unistd.h>

#include <abp_epoll.h>
#include <abp_event.h>

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

    int epfd = abp_ep_create(); /* the layer below */
    struct raw_epoll_event event;
    if (epfd < 0 || abp_ep_ctl(epfd, RAW_EPOLL_CTL_ADD, fds[0], RAW_EPOLLIN, 1) < 0)
        return 1;
    return abp_ep_wait(epfd, &event, 1, 1000) == 1 && abp_ep_readable(&event) ? 0 : 1;
}
