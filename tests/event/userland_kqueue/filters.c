/* See filters.h. In: changes, and what epoll saw; out: the fields of an event, as kqueue(2) of
 * FreeBSD describes each filter. Where it is silent, what its kernel does: a user event's data is
 * that of the last change.
 */
#include "filters.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>

/* ---- EVFILT_READ, EVFILT_WRITE ---- */

static int attach_descriptor(struct note *note)
{
    int fd = (int)note->kevent.ident;

    if (note->kevent.ident > INT32_MAX || fcntl(fd, F_GETFD) < 0)
        return -EBADF;
    note->source = fd;
    return 0;
}

static int touch_descriptor(struct note *note, const struct raw_kevent *change, bool is_new)
{
    (void)note;
    (void)is_new;
    return (change->fflags & RAW_NOTE_LOWAT) != 0 ? -EINVAL : 0; /* not here */
}

static bool report_descriptor(struct note *note, unsigned bits, struct raw_kevent *event)
{
    bool is_read = event->filter == RAW_EVFILT_READ;

    if ((bits & SOURCE_ERROR) != 0 && note->error == 0)
        note->error = source_error(note->source);
    event->data = is_read ? source_can_read(note->source) : source_can_write(note->source);
    event->fflags = 0;
    /* The writer does not ask for the half-close, so its end is that nobody reads any more. */
    if ((bits & (SOURCE_END | SOURCE_ERROR)) != 0 || note->is_shut) {
        event->flags |= RAW_EV_EOF;
        event->fflags = (raw_u32)note->error;
    }
    return true;
}

/* ---- EVFILT_TIMER ---- */

#ifdef RAW_NOTE_ABSTIME
#define ABSOLUTE RAW_NOTE_ABSTIME
#else
#define ABSOLUTE RAW_NOTE_ABSOLUTE /* of macOS */
#endif

static int64_t nanoseconds_of_unit(unsigned fflags)
{
    unsigned unit = fflags & (RAW_NOTE_SECONDS | RAW_NOTE_USECONDS | RAW_NOTE_NSECONDS);

    if (unit == RAW_NOTE_SECONDS)
        return 1000000000;
    if (unit == RAW_NOTE_USECONDS)
        return 1000;
    return unit == RAW_NOTE_NSECONDS ? 1 : 1000000;
}

static int attach_timer(struct note *note)
{
    note->source = source_timer((note->kevent.fflags & ABSOLUTE) != 0);
    return note->source < 0 ? note->source : 0;
}

/* Added again, it starts anew, and expirations that nobody has seen are forgotten. */
static int touch_timer(struct note *note, const struct raw_kevent *change, bool is_new)
{
    int64_t unit = nanoseconds_of_unit(change->fflags);
    bool is_absolute = (change->fflags & ABSOLUTE) != 0;
    bool is_once = is_absolute || (change->flags & RAW_EV_ONESHOT) != 0;

    if ((change->flags & RAW_EV_ADD) == 0)
        return 0;
    if (change->data < 0 || change->data > INT64_MAX / unit)
        return -EINVAL;
    if (!is_new && is_absolute != ((note->kevent.fflags & ABSOLUTE) != 0))
        return -EINVAL; /* another clock: not here */
    int64_t ns = change->data * unit;
    return source_start(note->source, ns, is_once ? 0 : ns, is_absolute);
}

static bool report_timer(struct note *note, unsigned bits, struct raw_kevent *event)
{
    (void)bits;
    event->fflags = 0;
    event->data = (raw_i64)source_expired(note->source);
    return event->data > 0;
}

/* ---- EVFILT_USER ---- */

static int attach_user(struct note *note)
{
    note->source = source_flag();
    note->kevent.fflags = 0; /* touch computes them */
    return note->source < 0 ? note->source : 0;
}

static int touch_user(struct note *note, const struct raw_kevent *change, bool is_new)
{
    raw_u32 flags = change->fflags & RAW_NOTE_FFLAGSMASK;

    (void)is_new;
    switch (change->fflags & RAW_NOTE_FFCTRLMASK) {
    case RAW_NOTE_FFAND:
        note->kevent.fflags &= flags;
        break;
    case RAW_NOTE_FFOR:
        note->kevent.fflags |= flags;
        break;
    case RAW_NOTE_FFCOPY:
        note->kevent.fflags = flags;
        break;
    default: /* NOTE_FFNOP */
        break;
    }
    note->kevent.data = change->data;
    if ((change->fflags & RAW_NOTE_TRIGGER) != 0)
        source_raise(note->source);
    return 0;
}

static bool report_user(struct note *note, unsigned bits, struct raw_kevent *event)
{
    (void)bits;
    if ((event->flags & RAW_EV_CLEAR) != 0)
        source_lower(note->source);
    return true;
}

const struct filter *filter_find(const struct raw_kevent *change)
{
    static const struct filter read = {
        .bits = SOURCE_IN,
        .attach = attach_descriptor,
        .touch = touch_descriptor,
        .report = report_descriptor,
    };
    static const struct filter write = {
        .bits = SOURCE_OUT,
        .attach = attach_descriptor,
        .touch = touch_descriptor,
        .report = report_descriptor,
    };
    static const struct filter timer = {
        .bits = SOURCE_IN,
        .owns_source = true,
        .sets_clear = true,
        .clears_itself = true,
        .attach = attach_timer,
        .touch = touch_timer,
        .report = report_timer,
    };
    static const struct filter user = {
        .bits = SOURCE_IN,
        .owns_source = true,
        .clears_itself = true,
        .attach = attach_user,
        .touch = touch_user,
        .report = report_user,
    };

    if (change->filter == RAW_EVFILT_READ)
        return &read;
    if (change->filter == RAW_EVFILT_WRITE)
        return &write;
    if (change->filter == RAW_EVFILT_TIMER)
        return &timer;
    return change->filter == RAW_EVFILT_USER ? &user : NULL;
}
