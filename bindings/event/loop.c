/* The loop: what is the same over every backend. In: the caller's interest in descriptors; out:
 * events in the caller's array.
 *
 * Design: a table indexed by descriptor says what the kernel has accepted, so any event and any
 * change finds its registration in one step, and the directions keep their udata apart although the
 * kernel stores one word for both. The table grows before the kernel is asked and is written after
 * the kernel agreed: a change that is refused, for whatever reason, leaves no trace.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "backend.h"

enum { MIN_SLOTS = 64 };

static void *default_reallocate(void *context, void *memory, size_t old_bytes, size_t new_bytes)
{
    (void)context;
    (void)old_bytes;
    if (new_bytes == 0) {
        free(memory);
        return NULL;
    }
    return realloc(memory, new_bytes);
}

/* Makes the table hold n_slots, at least; new ones are empty. */
static int grow(struct abp_loop *loop, size_t n_slots)
{
    size_t old_bytes = loop->n_slots * sizeof *loop->slots;
    size_t wanted = loop->n_slots < MIN_SLOTS ? MIN_SLOTS : (size_t)loop->n_slots * 2;

    if (wanted < n_slots)
        wanted = n_slots;
    if (wanted > UINT32_MAX || wanted > SIZE_MAX / sizeof *loop->slots)
        return -ENOMEM;
    struct abp_slot *slots =
        loop->reallocate(loop->allocator_context, loop->slots, old_bytes, wanted * sizeof *slots);
    if (slots == NULL)
        return -ENOMEM;
    memset(slots + loop->n_slots, 0, (wanted - loop->n_slots) * sizeof *slots);
    loop->slots = slots;
    loop->n_slots = (uint32_t)wanted;
    return 0;
}

int abp_loop_init(struct abp_loop *loop, const struct abp_loop_options *options)
{
    static const struct abp_loop_options defaults;

    if (options == NULL)
        options = &defaults;
    memset(loop, 0, sizeof *loop);
    loop->queue_fd = -1;
    loop->wake_fd = -1;
    loop->outer_fd = -1;
    loop->wake_udata = options->wake_udata;
    loop->reallocate = options->reallocate != NULL ? options->reallocate : default_reallocate;
    loop->allocator_context = options->allocator_context;

    int result = options->n_fds > 0 ? grow(loop, options->n_fds) : 0;
    if (result == 0)
        result = abp_backend_open(loop);
    if (result < 0)
        abp_loop_close(loop);
    return result;
}

void abp_loop_close(struct abp_loop *loop)
{
    abp_backend_close(loop);
    if (loop->slots != NULL)
        loop->reallocate(loop->allocator_context, loop->slots, loop->n_slots * sizeof *loop->slots,
                         0);
    loop->slots = NULL;
    loop->n_slots = 0;
}

int abp_loop_fd(struct abp_loop *loop)
{
    return loop->queue_fd < 0 ? -1 : abp_backend_fd(loop);
}

static int add(struct abp_loop *loop, int fd, unsigned interest, void *udata)
{
    if (loop->queue_fd < 0)
        return -EBADF;
    /* The kernel would refuse it as well, but not before a table for any number at all was made. */
    if ((uint32_t)fd >= loop->n_slots) {
        if (fcntl(fd, F_GETFD) < 0)
            return -errno;
        int result = grow(loop, (size_t)fd + 1);
        if (result < 0)
            return result;
    }
    struct abp_slot *slot = &loop->slots[fd];
    int result = abp_backend_add(loop, fd, slot, interest);
    if (result == 0 && (interest & ABP_READ) != 0)
        slot->read_udata = udata;
    else if (result == 0)
        slot->write_udata = udata;
    return result;
}

int abp_loop_add_read(struct abp_loop *loop, int fd, void *udata)
{
    return add(loop, fd, ABP_READ, udata);
}

int abp_loop_add_write(struct abp_loop *loop, int fd, void *udata)
{
    return add(loop, fd, ABP_WRITE, udata);
}

int abp_loop_add_read_shared(struct abp_loop *loop, int fd, void *udata)
{
    return add(loop, fd, ABP_READ | ABP_SHARED, udata);
}

static int del(struct abp_loop *loop, int fd, unsigned interest)
{
    struct abp_slot *slot = abp_slot_find(loop, fd);

    if (slot == NULL || (slot->interest & interest) == 0)
        return 0;
    return abp_backend_del(loop, fd, slot, interest);
}

int abp_loop_del_read(struct abp_loop *loop, int fd)
{
    return del(loop, fd, ABP_READ);
}

int abp_loop_del_write(struct abp_loop *loop, int fd)
{
    return del(loop, fd, ABP_WRITE);
}

int abp_loop_del(struct abp_loop *loop, int fd)
{
    return del(loop, fd, ABP_READ | ABP_WRITE);
}

void abp_loop_set_wake_udata(struct abp_loop *loop, void *udata)
{
    loop->wake_udata = udata;
}

int abp_loop_wake(struct abp_loop *loop)
{
    /* A read-modify-write on both sides: whoever finds 1 here is in the chain that the loop's
     * exchange reads from, so what it wrote before is visible when the event is. A plain look would
     * not do. */
    if (__atomic_exchange_n(&loop->wake_pending, 1, __ATOMIC_ACQ_REL) != 0)
        return 0;
    int result = abp_backend_wake(loop);
    if (result < 0)
        __atomic_store_n(&loop->wake_pending, 0, __ATOMIC_RELEASE); /* the next wake tries again */
    return result;
}

int abp_loop_wait(struct abp_loop *loop, struct abp_event *events, int cap, int64_t timeout_ms)
{
    if (cap <= 0)
        return -EINVAL;
    if (loop->queue_fd < 0)
        return -EBADF;
    int64_t deadline = timeout_ms > 0 ? abp_deadline_in(timeout_ms) : 0;
    int result;
    do {
        result = abp_backend_wait(loop, events, cap, abp_clamp_ms(timeout_ms));
    } while (abp_wait_again(result, deadline, &timeout_ms));
    return result;
}

bool abp_loop_still_ready(const struct abp_loop *loop, struct abp_event *event)
{
    const struct abp_slot *slot = abp_slot_find(loop, event->fd);
    unsigned interest = slot != NULL && slot->generation == event->generation ? slot->interest : 0;
    bool readable = event->readable && (interest & ABP_READ) != 0;
    bool writable = event->writable && (interest & ABP_WRITE) != 0;

    event->readable = readable;
    event->writable = writable;
    if (!readable && !writable)
        return event->wake;
    /* What the caller had attached may be gone by now, or be another. */
    event->udata = readable ? slot->read_udata : slot->write_udata;
    event->write_udata = writable ? slot->write_udata : NULL;
    return true;
}

int64_t abp_event_nbytes(const struct abp_event *event)
{
    if (event->fd < 0)
        return -EINVAL;
    return event->nbytes >= 0 ? event->nbytes : abp_backend_nbytes(event->fd);
}
