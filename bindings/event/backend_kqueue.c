/* The loop over kqueue. In: one direction of one descriptor, which is one filter; out: events in
 * the caller's array, one a descriptor.
 *
 * Design: kqueue reports reading and writing of a descriptor as two events, in any order and not
 * side by side. Each slot notes where in the caller's array its event of this batch is; the note is
 * believed only if the event there is really of this descriptor, so nothing has to be reset.
 *
 * A queue forgets a descriptor when it is closed, so nothing stale ever comes from the kernel; only
 * the caller's array can hold events of a number's earlier life. Since a number that is used anew
 * cannot be distinguished from one that is added twice, adding a direction again begins a new life,
 * too: at worst an event that still held is reported once more. When the other direction is added,
 * the kernel is asked whether it still knows the first.
 */
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "backend.h"
#include "kqueue_calls.h"

/* The name of the wake channel among the user filters of the queue. */
enum { WAKE_IDENT = 0, MIN_BATCH = 64 };

/* Makes room for cap events of the kernel. If there is no memory, the room that is there will do.
 */
static int grow_batch(struct abp_loop *loop, int cap)
{
    size_t size = sizeof(struct raw_kevent);

    if (loop->n_batch < (uint32_t)cap && (size_t)cap <= SIZE_MAX / size) {
        void *batch = loop->reallocate(loop->allocator_context, loop->batch, loop->n_batch * size,
                                       (size_t)cap * size);
        if (batch == NULL)
            return -ENOMEM;
        loop->batch = batch;
        loop->n_batch = (uint32_t)cap;
    }
    return 0;
}

int abp_backend_open(struct abp_loop *loop)
{
    int result = grow_batch(loop, MIN_BATCH);

    if (result < 0)
        return result;
    loop->queue_fd = abp_kq_create();
    if (loop->queue_fd < 0)
        return loop->queue_fd;
    struct raw_kevent change =
        abp_kev_change(WAKE_IDENT, RAW_EVFILT_USER, RAW_EV_ADD | RAW_EV_CLEAR, 0, NULL);
    return abp_kq_apply(loop->queue_fd, &change, 1);
}

int abp_backend_fd(struct abp_loop *loop)
{
    return loop->queue_fd;
}

void abp_backend_close(struct abp_loop *loop)
{
    if (loop->queue_fd >= 0)
        (void)close(loop->queue_fd); /* nothing is buffered that could fail */
    loop->queue_fd = -1;
    if (loop->batch != NULL)
        loop->reallocate(loop->allocator_context, loop->batch,
                         loop->n_batch * sizeof(struct raw_kevent), 0);
    loop->batch = NULL;
    loop->n_batch = 0;
}

static int change(struct abp_loop *loop, int fd, unsigned interest, unsigned flags)
{
    struct raw_kevent change = abp_kev_change(
        (uintptr_t)fd, (interest & ABP_READ) != 0 ? RAW_EVFILT_READ : RAW_EVFILT_WRITE, flags, 0,
        NULL);

    return abp_kq_apply(loop->queue_fd, &change, 1);
}

int abp_backend_add(struct abp_loop *loop, int fd, struct abp_slot *slot, unsigned interest)
{
    if (fd == loop->queue_fd) /* not every kernel refuses what could never rest */
        return -EINVAL;
    interest &= ABP_READ | ABP_WRITE; /* nothing like EPOLLEXCLUSIVE here */
    unsigned other = slot->interest & ~interest;
    bool is_reused = other != 0 && change(loop, fd, other, RAW_EV_ENABLE) == -ENOENT;
    int result = change(loop, fd, interest, RAW_EV_ADD);
    if (result < 0)
        return result;
    if (is_reused)
        slot->interest = 0;
    if (slot->interest == 0 || (slot->interest & interest) != 0)
        slot->generation++;
    slot->interest |= interest;
    return 0;
}

/* Closed, and with that forgotten; FreeBSD has its own word for a number that was closed. */
static bool is_forgotten(int result)
{
#ifdef ENOTCAPABLE
    if (result == -ENOTCAPABLE)
        return true;
#endif
    return result == -ENOENT || result == -EBADF;
}

int abp_backend_del(struct abp_loop *loop, int fd, struct abp_slot *slot, unsigned interest)
{
    for (unsigned direction = ABP_READ; direction <= ABP_WRITE; direction <<= 1) {
        if ((slot->interest & interest & direction) == 0)
            continue;
        int result = change(loop, fd, direction, RAW_EV_DELETE);
        if (result < 0 && !is_forgotten(result))
            return result;
        slot->interest &= ~direction;
    }
    return 0;
}

int abp_backend_wake(struct abp_loop *loop)
{
    struct raw_kevent change =
        abp_kev_change(WAKE_IDENT, RAW_EVFILT_USER, 0, RAW_NOTE_TRIGGER, NULL);
    int saved = errno; /* signal handlers may wake */
    int result = abp_kq_apply(loop->queue_fd, &change, 1);

    errno = saved;
    return result;
}

/* The kernel has drained the channel when it returned the event (EV_CLEAR); now the flag, then the
 * caller. Cleared earlier, a wake in between would be taken together with the one before. */
static bool take_wake(struct abp_loop *loop, struct abp_event *event)
{
    if (__atomic_exchange_n(&loop->wake_pending, 0, __ATOMIC_ACQ_REL) == 0)
        return false;
    memset(event, 0, sizeof *event);
    event->udata = loop->wake_udata;
    event->nbytes = -1;
    event->fd = -1;
    event->wake = true;
    return true;
}

/* Adds one event of the kernel to the first n_events of the array; returns how many there are then.
 */
static int take(struct abp_loop *loop, const struct raw_kevent *raw, struct abp_event *events,
                int n_events)
{
    int fd = (int)raw->ident;
    struct abp_slot *slot = abp_slot_find(loop, fd);
    bool is_read = raw->filter == RAW_EVFILT_READ;

    if (slot == NULL || (slot->interest & (is_read ? ABP_READ : ABP_WRITE)) == 0)
        return n_events;
    bool is_known = slot->in_batch < (uint32_t)n_events && events[slot->in_batch].fd == fd;
    if (!is_known)
        slot->in_batch = (uint32_t)n_events++;
    struct abp_event *event = &events[slot->in_batch];
    if (!is_known) {
        memset(event, 0, sizeof *event);
        event->fd = fd;
        event->generation = slot->generation;
        event->nbytes = -1;
        event->udata = is_read ? slot->read_udata : slot->write_udata;
    }
    if (is_read) {
        event->readable = true;
        event->udata = slot->read_udata;
        event->nbytes = raw->data >= 0 ? raw->data : -1; /* of a file that is past its end */
    } else {
        event->writable = true;
        event->write_udata = slot->write_udata;
    }
    /* The end of writing may be our own shutdown; what is read has an end of its own. */
    if (is_read || (slot->interest & ABP_READ) == 0)
        event->eof |= abp_kev_eof(raw);
    event->err |= abp_kev_error(raw);
    return n_events;
}

/* Waits once. Events, or -errno. is_again: set if all that came is over, and there may be more. */
static int wait_once(struct abp_loop *loop, struct abp_event *events, int cap, int timeout_ms,
                     bool *is_again)
{
    struct raw_kevent *batch = loop->batch;
    int n = abp_kq_wait_once(loop->queue_fd, batch, cap, timeout_ms);
    int n_events = 0;

    for (int i = 0; i < n; i++)
        if (batch[i].filter != RAW_EVFILT_USER)
            n_events = take(loop, &batch[i], events, n_events);
        else if (take_wake(loop, events + n_events))
            n_events++;
    *is_again = n == cap && n_events == 0;
    return n < 0 ? n : n_events;
}

int abp_backend_wait(struct abp_loop *loop, struct abp_event *events, int cap, int timeout_ms)
{
    const int max_cap = (1 << 29) - 1; /* what in_batch can say */
    bool is_again;

    if (cap > max_cap)
        cap = max_cap;
    (void)grow_batch(loop, cap); /* without memory, a smaller batch */
    if ((uint32_t)cap > loop->n_batch)
        cap = (int)loop->n_batch;
    int result = wait_once(loop, events, cap, timeout_ms, &is_again);
    /* Such an event comes once; the bound is for what nobody has thought of. */
    return is_again ? wait_once(loop, events, cap, 0, &is_again) : result;
}

int64_t abp_backend_nbytes(int fd)
{
    int n_bytes = 0;

    return ioctl(fd, FIONREAD, &n_bytes) < 0 ? -errno : n_bytes;
}
