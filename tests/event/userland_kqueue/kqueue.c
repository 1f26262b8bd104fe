/* kqueue and kevent in a program, over poll, so that the loop's kqueue backend can run its contract
 * on Linux. What is proved by that is our side of the interface; not what a BSD kernel does.
 *
 * After kqueue(2) of FreeBSD: EVFILT_READ, EVFILT_WRITE and EVFILT_USER, EV_ADD, EV_DELETE,
 * EV_CLEAR, NOTE_TRIGGER, EV_EOF with the socket's error in fflags, data of EVFILT_READ, and that
 * closing a descriptor forgets it. A number that was closed and is another file's is told by its
 * inode; tests that would need more than that do not exist.
 *
 * On purpose it is as unkind as a kernel may be: events of one descriptor never come side by side,
 * reading before writing of all descriptors, and another one first each time.
 */
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kqueue.h"

enum { MAX_FDS = 4096, N_FILTERS = 2 };

/* One descriptor under one filter. */
struct knote {
    bool is_there;
    ino_t inode; /* of the file that was added */
    void *udata;
};

/* A queue is an eventfd; its counter is the one user filter. */
struct queue {
    struct knote notes[N_FILTERS][MAX_FDS]; /* reading, writing */
    bool has_user;
    void *user_udata;
    unsigned first; /* who comes first in the next wait */
};

static struct queue *queues[MAX_FDS]; /* by descriptor; kept when it is closed, used again */

int raw_kqueue(void)
{
    int kq = eventfd(0, EFD_NONBLOCK);

    if (kq < 0)
        return -1;
    if (kq >= MAX_FDS) {
        (void)close(kq);
        errno = EMFILE;
        return -1;
    }
    free(queues[kq]);
    queues[kq] = calloc(1, sizeof *queues[kq]);
    if (queues[kq] == NULL)
        abort();
    return kq;
}

static struct queue *find(int kq)
{
    if (kq < 0 || kq >= MAX_FDS || queues[kq] == NULL) {
        errno = EBADF;
        return NULL;
    }
    return queues[kq];
}

/* ---- changes ---- */

static int refuse(int number)
{
    errno = number;
    return -1;
}

static int apply_user(struct queue *queue, int kq, const struct raw_kevent *change)
{
    if ((change->flags & RAW_EV_ADD) != 0) {
        queue->has_user = true;
        queue->user_udata = change->udata;
    } else if (!queue->has_user) {
        return refuse(ENOENT);
    }
    if ((change->fflags & RAW_NOTE_TRIGGER) != 0)
        return write(kq, &(uint64_t){1}, 8) == 8 ? 0 : -1;
    return 0;
}

static int apply(struct queue *queue, int kq, const struct raw_kevent *change)
{
    struct stat status;

    if (change->filter == RAW_EVFILT_USER)
        return apply_user(queue, kq, change);
    if (change->filter != RAW_EVFILT_READ && change->filter != RAW_EVFILT_WRITE)
        return refuse(EINVAL);
    if (change->ident >= MAX_FDS)
        return refuse(EBADF);
    int fd = (int)change->ident;
    if (fstat(fd, &status) < 0) { /* it was closed, and with that all was forgotten */
        queue->notes[0][fd].is_there = queue->notes[1][fd].is_there = false;
        return refuse(EBADF);
    }
    if (fd == kq)
        return refuse(EINVAL);
    struct knote *note = &queue->notes[change->filter == RAW_EVFILT_WRITE][fd];
    if (note->inode != status.st_ino)
        note->is_there = false;
    if ((change->flags & RAW_EV_ADD) != 0) {
        *note = (struct knote){true, status.st_ino, change->udata};
    } else if ((change->flags & RAW_EV_DELETE) != 0) {
        if (!note->is_there)
            return refuse(ENOENT);
        note->is_there = false;
    }
    return 0;
}

/* ---- events ---- */

/* What poll says of one descriptor, as the event of one filter. */
static struct raw_kevent event_of(const struct pollfd *polled, bool is_write, void *udata)
{
    struct raw_kevent event = {.ident = (raw_u64)polled->fd, .udata = udata};
    int bytes = 0, number = 0;
    socklen_t size = sizeof number;

    event.filter = is_write ? RAW_EVFILT_WRITE : RAW_EVFILT_READ;
    if (!is_write && ioctl(polled->fd, FIONREAD, &bytes) == 0)
        event.data = bytes;
    if ((polled->revents & (POLLERR | POLLHUP | (is_write ? 0 : POLLRDHUP))) != 0)
        event.flags = RAW_EV_EOF;
    if ((polled->revents & POLLERR) != 0 &&
        getsockopt(polled->fd, SOL_SOCKET, SO_ERROR, &number, &size) == 0)
        event.fflags = (raw_u32)number;
    return event;
}

/* Forgets what was closed, and asks for what is left. Returns how many to poll; the last is kq. */
static unsigned prepare(struct queue *queue, int kq, struct pollfd *polled)
{
    unsigned n = 0;

    for (int filter = 0; filter < N_FILTERS; filter++) {
        for (int fd = 0; fd < MAX_FDS; fd++) {
            struct knote *note = &queue->notes[filter][fd];
            struct stat status;
            if (!note->is_there)
                continue;
            note->is_there = fstat(fd, &status) == 0 && status.st_ino == note->inode;
            if (note->is_there)
                polled[n++] = (struct pollfd){fd, filter == 1 ? POLLOUT : POLLIN | POLLRDHUP, 0};
        }
    }
    polled[n++] = (struct pollfd){queue->has_user ? kq : -1, POLLIN, 0};
    return n;
}

/* The events of what poll found, at most cap, and another one first each time. */
static int collect(struct queue *queue, int kq, const struct pollfd *polled, unsigned n,
                   struct raw_kevent *events, int cap)
{
    int n_events = 0;

    queue->first++;
    for (unsigned i = 0; i < n && n_events < cap; i++) {
        const struct pollfd *one = &polled[(i + queue->first) % n];
        bool is_write = (one->events & POLLOUT) != 0;
        uint64_t count;
        if (one->fd < 0 || one->revents == 0 || (one->revents & POLLNVAL) != 0)
            continue;
        if (one->fd != kq) {
            events[n_events++] = event_of(one, is_write, queue->notes[is_write][one->fd].udata);
        } else if (read(kq, &count, sizeof count) == sizeof count) { /* EV_CLEAR */
            struct raw_kevent event = {.filter = RAW_EVFILT_USER, .udata = queue->user_udata};
            events[n_events++] = event;
        }
    }
    return n_events;
}

int raw_kevent(int kq, const struct raw_kevent *changelist, int nchanges,
               struct raw_kevent *eventlist, int nevents, const struct raw_timespec *timeout)
{
    static _Thread_local struct pollfd polled[N_FILTERS * MAX_FDS + 1];
    struct queue *queue = find(kq);

    if (queue == NULL)
        return -1;
    for (int i = 0; i < nchanges; i++) {
        if (apply(queue, kq, &changelist[i]) < 0)
            return -1;
    }
    if (nevents == 0)
        return 0;
    unsigned n = prepare(queue, kq, polled);
    int timeout_ms = timeout == NULL
                         ? -1
                         : (int)(timeout->tv_sec * 1000 + (timeout->tv_nsec + 999999) / 1000000);
    if (poll(polled, n, timeout_ms) < 0)
        return -1;
    return collect(queue, kq, polled, n, eventlist, nevents);
}
