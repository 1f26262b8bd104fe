/* epoll's calls as abp_epoll.h declares them: the bindings' system calls, and waits that signals do
 * not end.
 */
#include "abp_epoll.h"
#include "backend.h"

int abp_ep_create(void)
{
    return raw_sys_epoll_create1(RAW_EPOLL_CLOEXEC);
}

int abp_ep_ctl(int epfd, int op, int fd, uint32_t events, uint64_t data)
{
    struct raw_epoll_event event = {.events = events};

    raw_epoll_event_set_data(&event, data);
    return raw_sys_epoll_ctl(epfd, op, fd, &event);
}

int abp_ep_wait(int epfd, struct raw_epoll_event *events, int cap, int64_t timeout_ms)
{
    int64_t deadline = timeout_ms > 0 ? abp_deadline_in(timeout_ms) : 0;
    int result;
    do {
        result = raw_sys_epoll_wait(epfd, events, cap, abp_clamp_ms(timeout_ms));
    } while (abp_wait_again(result, deadline, &timeout_ms));
    return result;
}
