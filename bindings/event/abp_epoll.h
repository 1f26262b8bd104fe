/* abpevent: epoll with the bindings' types, one small step above the system calls. Linux only.
 *
 * For programs that want epoll itself and not the loop of abp_event.h, which is built on this. What
 * is added: errors are -errno, interrupted waits are continued with the time that is left, and the
 * bits of an event have names that say what to do. No state, no memory; any thread.
 */
#ifndef ABP_EPOLL_H
#define ABP_EPOLL_H

#include <stdbool.h>
#include <stdint.h>

#include "epoll.h"

#ifdef __cplusplus
extern "C" {
#endif

#ifndef ABP_API
#define ABP_API __attribute__((visibility("default")))
#endif

/*
 * Opens an event queue that is closed on exec.
 * Returns a descriptor, or -errno. Errors: EMFILE, ENFILE, ENOMEM. Source: epoll_create1(2).
 */
ABP_API int abp_ep_create(void);

/*
 * Adds, changes or removes one descriptor of a queue.
 *   op: RAW_EPOLL_CTL_ADD, RAW_EPOLL_CTL_MOD or RAW_EPOLL_CTL_DEL
 *   events: RAW_EPOLLIN and the other masks; not looked at by RAW_EPOLL_CTL_DEL
 *   data: returned in the events of fd; not looked at by RAW_EPOLL_CTL_DEL
 * Returns 0, or -errno. Errors: EBADF, EEXIST, EINVAL, ELOOP, ENOENT, ENOMEM, ENOSPC, EPERM.
 * Source: epoll_ctl(2).
 */
ABP_API int abp_ep_ctl(int epfd, int op, int fd, uint32_t events, uint64_t data);

/*
 * Waits for events.
 *   events: array of cap events, filled from 0
 *   cap: above 0
 *   timeout_ms: milliseconds; negative waits for ever, 0 does not wait; never returns early without
 *     events, and signals do not stretch it
 * Returns the number of events, 0 when the time is over, or -errno; never -EINTR.
 * Errors: EBADF, EFAULT, EINVAL. Source: epoll_wait(2).
 */
ABP_API int abp_ep_wait(int epfd, struct raw_epoll_event *events, int cap, int64_t timeout_ms);

/* A read will not block: bytes, a connection, the end, or an error. */
static inline bool abp_ep_readable(const struct raw_epoll_event *event)
{
    return (event->events & (RAW_EPOLLIN | RAW_EPOLLRDHUP | RAW_EPOLLHUP | RAW_EPOLLERR)) != 0;
}

/* A write will not block: there is room, or it will fail. */
static inline bool abp_ep_writable(const struct raw_epoll_event *event)
{
    return (event->events & (RAW_EPOLLOUT | RAW_EPOLLHUP | RAW_EPOLLERR)) != 0;
}

/* The other side sends nothing more. A half-close shows only if RAW_EPOLLRDHUP was asked for. */
static inline bool abp_ep_eof(const struct raw_epoll_event *event)
{
    return (event->events & (RAW_EPOLLRDHUP | RAW_EPOLLHUP)) != 0;
}

/* An error is pending; of the writing end of a pipe: nobody reads it any more. */
static inline bool abp_ep_error(const struct raw_epoll_event *event)
{
    return (event->events & RAW_EPOLLERR) != 0;
}

#ifdef __cplusplus
}
#endif

#endif
