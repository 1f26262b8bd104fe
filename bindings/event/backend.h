/* What the loop and its backends share: the table of descriptors, and the functions that each
 * backend has. One backend is linked, the one of the system. Not installed.
 */
#ifndef ABP_BACKEND_H
#define ABP_BACKEND_H

#include <errno.h>
#include <limits.h>

#include "abp_event.h"

/* Bits of abp_slot.interest. */
enum abp_interest {
    ABP_READ = 1,
    ABP_WRITE = 2,
    ABP_SHARED = 4, /* with ABP_READ: several loops watch it */
};

/* One descriptor. Invariant: it is what the kernel accepted last; nothing is noted before. */
struct abp_slot {
    void *read_udata;
    void *write_udata;
    uint32_t generation;    /* moves when the number begins a new life in this loop */
    uint32_t interest : 3;  /* enum abp_interest; 0 is not watched */
    uint32_t in_batch : 29; /* kqueue: where in the batch its event is, if it has one */
};

/* The slot of fd, or NULL if it never had one. */
static inline struct abp_slot *abp_slot_find(const struct abp_loop *loop, int fd)
{
    return (uint32_t)fd < loop->n_slots ? &loop->slots[fd] : NULL;
}

/*
 * After a wait of timeout_ms that began with this deadline: whether to wait again, because a signal
 * came or the kernel was early, and how long.
 *   result: of the wait: events, 0 or -errno
 */
static inline bool abp_wait_again(int result, int64_t deadline, int64_t *timeout_ms)
{
    if (result > 0 || (result < 0 && result != -EINTR))
        return false;
    if (*timeout_ms < 0)
        return true;
    if (*timeout_ms > 0)
        *timeout_ms = abp_deadline_remaining_ms(deadline);
    return result == -EINTR || *timeout_ms > 0;
}

/* What the kernel is asked for; abp_wait_again adds what is missing. */
static inline int abp_clamp_ms(int64_t timeout_ms)
{
    return timeout_ms > INT_MAX ? INT_MAX : timeout_ms < 0 ? -1 : (int)timeout_ms;
}

/* Opens queue and wake channel. 0 or -errno; what is open is closed by abp_backend_close. */
int abp_backend_open(struct abp_loop *loop);
/* abp_loop_fd of a loop that is open. */
int abp_backend_fd(struct abp_loop *loop);
/* Closes what is open and frees the backend's memory. */
void abp_backend_close(struct abp_loop *loop);
/*
 * Adds one direction (ABP_READ, ABP_WRITE, or ABP_READ | ABP_SHARED) or removes one or both
 * (ABP_READ, ABP_WRITE; one of them is registered), in the kernel and then in generation and
 * interest of the slot. 0 or -errno, and then the slot is as it was.
 */
int abp_backend_add(struct abp_loop *loop, int fd, struct abp_slot *slot, unsigned interest);
int abp_backend_del(struct abp_loop *loop, int fd, struct abp_slot *slot, unsigned interest);
/* Makes the queue report a wake. 0 or -errno. Any thread; leaves errno. No cancellation point:
 * a thread that ended between its flag and this would leave the flag up for ever. */
int abp_backend_wake(struct abp_loop *loop);
/*
 * Waits once. Events, 0 if there was nothing or only what is to be dropped, or -errno, with -EINTR.
 * What is dropped must not hide what is ready: then it looks again.
 * timeout_ms: at most INT_MAX; -1 for ever.
 */
int abp_backend_wait(struct abp_loop *loop, struct abp_event *events, int cap, int timeout_ms);
/* abp_event_nbytes of a descriptor whose event has no count. */
int64_t abp_backend_nbytes(int fd);

#endif
