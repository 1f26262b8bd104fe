/* kqueue's calls as abp_kqueue.h declares them: the bindings' functions, -errno, and waits that
 * signals do not end.
 */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "backend.h"
#include "kqueue_calls.h"

int abp_kq_create(void)
{
    /* Not kqueue1, which macOS has not. A child of fork has no queue at all, so nothing can come
     * between the two calls. */
    int kq = raw_kqueue();

    if (kq < 0)
        return -errno;
    if (fcntl(kq, F_SETFD, FD_CLOEXEC) < 0) {
        int result = -errno;
        (void)close(kq);
        return result;
    }
    return kq;
}

struct raw_kevent abp_kev_change(uintptr_t ident, int filter, unsigned flags, unsigned fflags,
                                 void *udata)
{
    struct raw_kevent change;

    memset(&change, 0, sizeof change); /* data, FreeBSD's ext, and padding */
    change.ident = ident;
    change.filter = (__typeof__(change.filter))filter; /* NetBSD's are 32 bits wide */
    change.flags = (__typeof__(change.flags))flags;
    change.fflags = fflags;
    change.udata = udata;
    return change;
}

int abp_kq_apply(int kq, const struct raw_kevent *changes, int n_changes)
{
    /* Without room for events the error of a change is that of the call. */
    for (int i = 0; i < n_changes; i++)
        if (raw_kevent(kq, changes + i, 1, NULL, 0, NULL) < 0)
            return -errno;
    return 0;
}

int abp_kq_wait_once(int kq, struct raw_kevent *events, int cap, int timeout_ms)
{
    struct raw_timespec timeout = {.tv_sec = timeout_ms / 1000,
                                   .tv_nsec = (long)(timeout_ms % 1000) * 1000000};
    if (cap <= 0)
        return -EINVAL; /* kevent would return 0 at once, which means that the time is over */
    /* cap becomes a size_t on NetBSD by itself. */
    int result = raw_kevent(kq, NULL, 0, events, cap, timeout_ms < 0 ? NULL : &timeout);
    return result < 0 ? -errno : result;
}

int abp_kq_wait(int kq, struct raw_kevent *events, int cap, int64_t timeout_ms)
{
    int64_t deadline = timeout_ms > 0 ? abp_deadline_in(timeout_ms) : 0;
    int result;
    do {
        result = abp_kq_wait_once(kq, events, cap, abp_clamp_ms(timeout_ms));
    } while (abp_wait_again(result, deadline, &timeout_ms));
    return result;
}
