/* The loop over epoll. In: one direction of one descriptor; out: one mask for the kernel, and
 * events in the caller's array.
 *
 * Design: epoll knows a registration by descriptor number *and* open file, and tells us the number
 * alone. So the 64 bits that it stores for us are generation and number: an event whose generation
 * is not the slot's is of an earlier life of that number, and is dropped. An open file that
 * outlives its number (dup, fork) keeps firing, and no call can name it any more; when such an
 * event shows, the queue is made anew with what is really registered, or a wait would never rest
 * again.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "abp_epoll.h"
#include "backend.h"
#include "eventfd.h"

/* The data word of the wake channel: no descriptor is -1. */
#define WAKE_DATA UINT64_MAX

/* One event of ours is never smaller than one of the kernel: see abp_backend_wait. */
RAW_STATIC_ASSERT(sizeof(struct abp_event) >= sizeof(struct raw_epoll_event), "room for a batch");
RAW_STATIC_ASSERT(sizeof(struct abp_event) % RAW_ALIGNOF(struct raw_epoll_event) == 0 &&
                      RAW_ALIGNOF(struct abp_event) >= RAW_ALIGNOF(struct raw_epoll_event),
                  "alignment of a batch");

static raw_u32 read_u32(const char *at)
{
    raw_u32 word;

    memcpy(&word, at, sizeof word);
    return word;
}

/* An event of the kernel out of memory of another type. Word by word: of a copy in one piece, the
 * data word would be read across two stores, for which the processor waits at every event. */
static struct raw_epoll_event read_event(const char *at)
{
    struct raw_epoll_event event = {
        .events = read_u32(at + offsetof(struct raw_epoll_event, events)),
        .data_lo = read_u32(at + offsetof(struct raw_epoll_event, data_lo)),
        .data_hi = read_u32(at + offsetof(struct raw_epoll_event, data_hi)),
    };
    return event;
}

static uint64_t slot_data(int fd, uint32_t generation)
{
    return (uint64_t)generation << 32 | (uint32_t)fd;
}

/* Read interest also asks for the half-close, which kqueue reports unasked. EPOLLEXCLUSIVE does not
 * go with that. */
static uint32_t slot_mask(unsigned interest)
{
    if ((interest & ABP_SHARED) != 0)
        return RAW_EPOLLIN | RAW_EPOLLEXCLUSIVE;
    return ((interest & ABP_READ) != 0 ? RAW_EPOLLIN | RAW_EPOLLRDHUP : 0U) |
           ((interest & ABP_WRITE) != 0 ? RAW_EPOLLOUT : 0U);
}

int abp_backend_open(struct abp_loop *loop)
{
    loop->queue_fd = abp_ep_create();
    if (loop->queue_fd < 0)
        return loop->queue_fd;
    loop->wake_fd = raw_sys_eventfd2(0, RAW_EFD_CLOEXEC | RAW_EFD_NONBLOCK);
    if (loop->wake_fd < 0)
        return loop->wake_fd;
    return abp_ep_ctl(loop->queue_fd, RAW_EPOLL_CTL_ADD, loop->wake_fd, RAW_EPOLLIN, WAKE_DATA);
}

/* Not the queue itself, which may be made anew: a queue around it. */
int abp_backend_fd(struct abp_loop *loop)
{
    if (loop->outer_fd >= 0)
        return loop->outer_fd;
    int outer = abp_ep_create();
    int result = outer;
    if (outer >= 0)
        result = abp_ep_ctl(outer, RAW_EPOLL_CTL_ADD, loop->queue_fd, RAW_EPOLLIN, 0);
    if (result >= 0)
        loop->outer_fd = outer;
    else if (outer >= 0)
        (void)close(outer);
    return result < 0 ? result : outer;
}

void abp_backend_close(struct abp_loop *loop)
{
    if (loop->outer_fd >= 0)
        (void)close(loop->outer_fd);
    loop->outer_fd = -1;
    if (loop->wake_fd >= 0)
        (void)close(loop->wake_fd); /* nothing is buffered that could fail */
    if (loop->queue_fd >= 0)
        (void)close(loop->queue_fd);
    loop->wake_fd = -1;
    loop->queue_fd = -1;
}

/* One change in the kernel, then in the slot. */
static int change(struct abp_loop *loop, int op, int fd, struct abp_slot *slot, unsigned interest,
                  uint32_t generation)
{
    int result = abp_ep_ctl(loop->queue_fd, op, fd, slot_mask(interest), slot_data(fd, generation));

    if (result == 0) {
        slot->interest = interest;
        slot->generation = generation;
    }
    return result;
}

int abp_backend_add(struct abp_loop *loop, int fd, struct abp_slot *slot, unsigned interest)
{
    uint32_t next = slot->generation + 1;

    if (fd == loop->outer_fd) /* the queue around the queue: as the kernel says of the queue */
        return -EINVAL;
    /* The kernel cannot change a registration into a shared one, nor the reverse (-EINVAL). */
    if ((interest & ABP_SHARED) == 0 && slot->interest != 0) {
        int result = change(loop, RAW_EPOLL_CTL_MOD, fd, slot,
                            (slot->interest & (ABP_READ | ABP_WRITE)) | interest, slot->generation);
        if (result != -ENOENT)
            return result;
        /* The number is another file's now: the other direction went with the file before. */
    }
    int result = change(loop, RAW_EPOLL_CTL_ADD, fd, slot, interest, next);
    if (result == -EEXIST && slot->interest == 0) {
        /* The file closed as this number is back, by way of a dup. It may have been shared. */
        (void)abp_ep_ctl(loop->queue_fd, RAW_EPOLL_CTL_DEL, fd, 0, 0);
        result = change(loop, RAW_EPOLL_CTL_ADD, fd, slot, interest, next);
    }
    return result;
}

/* Of a number that was closed without removal: free, another file's, or a regular file's by now. */
static bool is_forgotten(int result)
{
    return result == -ENOENT || result == -EBADF || result == -EPERM;
}

int abp_backend_del(struct abp_loop *loop, int fd, struct abp_slot *slot, unsigned interest)
{
    unsigned rest = slot->interest & ~(interest | ABP_SHARED);
    int result = change(loop, rest != 0 ? RAW_EPOLL_CTL_MOD : RAW_EPOLL_CTL_DEL, fd, slot, rest,
                        slot->generation);

    /* Closed without removal: the kernel has forgotten it, or cannot name it any more. */
    if (is_forgotten(result)) {
        slot->interest = 0;
        return 0;
    }
    return result;
}

int abp_backend_wake(struct abp_loop *loop)
{
    uint64_t one = 1;
    /* write of libc is a cancellation point. */
    long result = raw_syscall3(SYS_write, loop->wake_fd, (long)&one, sizeof one);

    return result >= 0 || result == -EAGAIN ? 0 : (int)result; /* a full counter is readable, too */
}

/* Adds what a slot has to the new queue. 0 or -errno. */
static int move(struct abp_loop *loop, int queue, int fd, struct abp_slot *slot)
{
    uint32_t mask = slot_mask(slot->interest);
    uint64_t data = slot_data(fd, slot->generation);

    /* The number may be another file's, which nobody added: ask the old queue. A shared
     * registration cannot be changed, which is an answer as well; asked with that bit, the kernel
     * does not look. */
    if (is_forgotten(abp_ep_ctl(loop->queue_fd, RAW_EPOLL_CTL_MOD, fd,
                                mask & ~(uint32_t)RAW_EPOLLEXCLUSIVE, data))) {
        slot->interest = 0;
        return 0;
    }
    return abp_ep_ctl(queue, RAW_EPOLL_CTL_ADD, fd, mask, data);
}

/*
 * Makes the queue anew: what is still registered moves to it, what closed files left behind does
 * not. If that fails, the old queue stays and the same event comes again.
 */
static void renew(struct abp_loop *loop)
{
    int queue = abp_ep_create();
    int result = queue;

    if (queue >= 0)
        result = abp_ep_ctl(queue, RAW_EPOLL_CTL_ADD, loop->wake_fd, RAW_EPOLLIN, WAKE_DATA);
    for (uint32_t i = 0; i < loop->n_slots && result >= 0; i++)
        if (loop->slots[i].interest != 0)
            result = move(loop, queue, (int)i, &loop->slots[i]);
    /* The number stays. What is around it has forgotten the old one, and learns of the new. */
    if (result >= 0 && dup3(queue, loop->queue_fd, O_CLOEXEC) >= 0 && loop->outer_fd >= 0)
        (void)abp_ep_ctl(loop->outer_fd, RAW_EPOLL_CTL_ADD, loop->queue_fd, RAW_EPOLLIN, 0);
    if (queue >= 0)
        (void)close(queue);
}

/* The wake channel is readable. The order is what counts: drain, then clear, then let the caller
 * look. Cleared before the drain, a wake between the two would write nothing and be drained away.
 */
static bool take_wake(struct abp_loop *loop, struct abp_event *event)
{
    uint64_t count = 0;

    /* Nonblocking; an empty counter is as good. read of libc is a cancellation point. */
    (void)raw_syscall3(SYS_read, loop->wake_fd, (long)&count, sizeof count);
    if (__atomic_exchange_n(&loop->wake_pending, 0, __ATOMIC_ACQ_REL) == 0)
        return false;
    *event = (struct abp_event){.udata = loop->wake_udata, .nbytes = -1, .fd = -1, .wake = true};
    return true;
}

/* Turns one event of the kernel into one of ours; false: it is of a registration that is over. */
static bool take(const struct abp_loop *loop, const struct raw_epoll_event *raw,
                 struct abp_event *event)
{
    uint64_t data = raw_epoll_event_get_data(raw);
    int fd = (int)(uint32_t)data;
    const struct abp_slot *slot = abp_slot_find(loop, fd);

    if (slot == NULL || slot->generation != (uint32_t)(data >> 32) || slot->interest == 0)
        return false;
    bool readable = (slot->interest & ABP_READ) != 0 && abp_ep_readable(raw);
    bool writable = (slot->interest & ABP_WRITE) != 0 && abp_ep_writable(raw);
    *event = (struct abp_event){
        .udata = readable ? slot->read_udata : slot->write_udata,
        .write_udata = writable ? slot->write_udata : NULL,
        .nbytes = -1,
        .fd = fd,
        .generation = slot->generation,
        .readable = readable,
        .writable = writable,
        .eof = abp_ep_eof(raw),
        .err = abp_ep_error(raw),
    };
    return true;
}

/*
 * Waits once, and makes the queue anew if that found what is over. Events, or -errno.
 *   is_again: set if all that came is over, and there may be more
 *
 * The kernel writes its events into the end of the caller's array, and they are turned into ours
 * from the front: number i of ours ends before number i + 1 of the kernel's begins, because ours
 * are not smaller. So a batch is as large as the caller's array and needs no memory of its own.
 */
static int wait_once(struct abp_loop *loop, struct abp_event *events, int cap, int timeout_ms,
                     bool *is_again)
{
    const char *batch = (char *)(events + cap) - (size_t)cap * sizeof(struct raw_epoll_event);
    int n = raw_sys_epoll_wait(loop->queue_fd, (struct raw_epoll_event *)(uintptr_t)batch, cap,
                               timeout_ms);
    int n_events = 0;
    bool any_stale = false;

    for (int i = 0; i < n; i++) {
        struct raw_epoll_event raw = read_event(batch + (size_t)i * sizeof raw);
        bool is_wake = raw_epoll_event_get_data(&raw) == WAKE_DATA;
        if (is_wake ? take_wake(loop, events + n_events) : take(loop, &raw, events + n_events))
            n_events++;
        else if (!is_wake)
            any_stale = true;
    }
    if (any_stale)
        renew(loop);
    *is_again = n == cap && n_events == 0;
    return n < 0 ? n : n_events;
}

int abp_backend_wait(struct abp_loop *loop, struct abp_event *events, int cap, int timeout_ms)
{
    const int max_cap = INT_MAX / (int)sizeof(struct raw_epoll_event); /* of the kernel */
    bool is_again;

    if (cap > max_cap)
        cap = max_cap;
    int result = wait_once(loop, events, cap, timeout_ms, &is_again);
    /* Once more is enough where the queue could be made anew, and where not, it must end as well.
     */
    return is_again ? wait_once(loop, events, cap, 0, &is_again) : result;
}

int64_t abp_backend_nbytes(int fd)
{
    int n_bytes = 0;

    return ioctl(fd, FIONREAD, &n_bytes) < 0 ? -errno : n_bytes;
}
