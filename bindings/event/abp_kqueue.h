/* abpevent: kqueue with the bindings' types, one small step above the library calls. macOS,
 * FreeBSD, NetBSD and OpenBSD only.
 *
 * For programs that want kqueue itself and not the loop of abp_event.h, which is built on this.
 * What is added: errors are -errno, interrupted waits are continued with the time that is left,
 * timeouts are milliseconds, and one spelling serves NetBSD too, whose filters are unsigned. No
 * state, no memory; any thread.
 */
#ifndef ABP_KQUEUE_H
#define ABP_KQUEUE_H

#include <stdbool.h>
#include <stdint.h>

#include "kqueue.h"

#ifdef __cplusplus
extern "C" {
#endif

#ifndef ABP_API
#define ABP_API __attribute__((visibility("default")))
#endif

/*
 * Opens an event queue that is closed on exec.
 * Returns a descriptor, or -errno. Errors: EMFILE, ENFILE, ENOMEM. Source: kqueue(2).
 */
ABP_API int abp_kq_create(void);

/*
 * Returns one change to make, for abp_kq_apply.
 *   ident: the descriptor, or what else the filter watches
 *   filter: RAW_EVFILT_READ and the other filters
 *   flags: RAW_EV_ADD and the other flags
 *   fflags: RAW_NOTE_ flags of the filter
 *   udata: returned in the events of ident and filter
 * data, which timers and NOTE_LOWAT need, and FreeBSD's ext are 0: set them in what is returned.
 * Source: kevent(2), EV_SET.
 */
ABP_API struct raw_kevent abp_kev_change(uintptr_t ident, int filter, unsigned flags,
                                         unsigned fflags, void *udata);

/*
 * Makes changes in the order given, by a system call each, and stops at the first that is refused.
 * RAW_EV_RECEIPT is of no use here.
 *   changes: array of n_changes, read only
 * Returns 0, or -errno of the change that was refused; those before it are made.
 * Errors: EBADF, EINVAL, ENOENT nothing to delete or to trigger, ENOMEM, EPIPE.
 * Source: kevent(2).
 */
ABP_API int abp_kq_apply(int kq, const struct raw_kevent *changes, int n_changes);

/*
 * Waits for events.
 *   events: array of cap events, filled from 0
 *   cap: above 0
 *   timeout_ms: milliseconds; negative waits for ever, 0 does not wait; never returns early without
 *     events, and signals do not stretch it
 * Returns the number of events, 0 when the time is over, or -errno; never -EINTR.
 * Errors: EBADF, EFAULT, EINVAL cap is not positive. Source: kevent(2).
 */
ABP_API int abp_kq_wait(int kq, struct raw_kevent *events, int cap, int64_t timeout_ms);

/* A read will not block: bytes, a connection, the end, or an error. */
static inline bool abp_kev_readable(const struct raw_kevent *event)
{
    return event->filter == RAW_EVFILT_READ && (event->flags & RAW_EV_ERROR) == 0;
}

/* A write will not block: there is room, or it will fail. */
static inline bool abp_kev_writable(const struct raw_kevent *event)
{
    return event->filter == RAW_EVFILT_WRITE && (event->flags & RAW_EV_ERROR) == 0;
}

/* The other side sends nothing more; of the writing direction: it reads nothing more. */
static inline bool abp_kev_eof(const struct raw_kevent *event)
{
    return (event->flags & RAW_EV_EOF) != 0;
}

/* A change failed (a receipt has RAW_EV_ERROR, too, and 0 in data), or the end has a reason: with
 * RAW_EV_EOF, fflags is the socket's error. */
static inline bool abp_kev_error(const struct raw_kevent *event)
{
    return ((event->flags & RAW_EV_ERROR) != 0 && event->data != 0) ||
           ((event->flags & RAW_EV_EOF) != 0 && event->fflags != 0);
}

#ifdef __cplusplus
}
#endif

#endif
