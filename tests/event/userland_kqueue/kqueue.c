/* kqueue and kevent in a program, over the raw bindings of epoll, so that the loop's kqueue backend
 * can run its contract on Linux. What is proved by that is our side of the interface; not what a
 * BSD kernel does. tests/event/contract_kqueue.c says what is promised, and runs on real kernels
 * too.
 *
 * After kqueue(2) of FreeBSD. EVFILT_READ, EVFILT_WRITE, EVFILT_TIMER, EVFILT_USER; EV_ADD,
 * EV_DELETE, EV_ENABLE, EV_DISABLE, EV_DISPATCH, EV_ONESHOT, EV_CLEAR, EV_RECEIPT, EV_EOF,
 * EV_ERROR. Not here: regular files, NOTE_LOWAT, a limit of timers, fork, a dup of a queue, the
 * same open file more than 500 times (Linux refuses epoll in epoll then). Reporting a socket's
 * error takes it from the socket, which a kernel would leave there; and a pipe that nobody reads
 * can be added, which BSDs refuse.
 *
 * Design: epoll takes a descriptor once, kqueue once a filter. So a queue is an epoll over two
 * others: one for reading, timers and user events, one for writing. And close(2) removes the notes
 * of the number that is closed, whatever else has the file open: close and dup2 of the whole
 * program come through here (the linker's --wrap), and shutdown, which ends a direction: Linux does
 * not say afterwards that it was our own.
 *
 * On purpose it is as unkind as a kernel may be: events of one descriptor never come side by side,
 * and reading before writing one time, after it the next.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#include "filters.h"

enum { N_BUCKETS = 1024, READING = 0, WRITING = 1, MAX_BATCH = 1024, MS_PER_DAY = 86400000 };

struct queue {
    struct queue *next;
    int outer;        /* the descriptor that the caller has */
    int inner[2];     /* READING, WRITING */
    unsigned n_waits; /* who comes first in the next one */
    struct note *notes[N_BUCKETS];
};

int __real_dup2(int from, int to);
int __wrap_close(int fd);
int __wrap_dup2(int from, int to);
int __real_shutdown(int fd, int how);
int __wrap_shutdown(int fd, int how);

/* All of the program; one lock for all that is below, and nothing waits with it. */
static struct queue *queues;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

/* What the caller had, and gets back. */
struct calm {
    sigset_t signals;
    int cancel_state;
};

/* No signal comes in between, as none does in a kernel: a handler may trigger a user event. But the
 * alarm of a test that hangs. Nor is a thread cancelled: kevent(2), when it does not wait. */
static void lock(struct calm *before)
{
    sigset_t all;

    (void)sigfillset(&all);
    (void)sigdelset(&all, SIGALRM);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before->signals);
    (void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before->cancel_state);
    (void)pthread_mutex_lock(&mutex);
}

static void unlock(const struct calm *before)
{
    (void)pthread_mutex_unlock(&mutex);
    (void)pthread_setcancelstate(before->cancel_state, NULL);
    (void)pthread_sigmask(SIG_SETMASK, &before->signals, NULL);
}

static struct queue *find_queue(int kq)
{
    struct queue *queue = queues;

    while (queue != NULL && queue->outer != kq)
        queue = queue->next;
    return queue;
}

/* The place of the note in its list, or the end of that list. */
static struct note **find_note(struct queue *queue, const struct raw_kevent *key)
{
    struct note **at = &queue->notes[key->ident % N_BUCKETS];

    while (*at != NULL &&
           ((*at)->kevent.ident != key->ident || (*at)->kevent.filter != key->filter))
        at = &(*at)->next;
    return at;
}

/* ---- notes ---- */

static int queue_of(const struct queue *queue, const struct note *note)
{
    return queue->inner[(filter_find(&note->kevent)->bits & SOURCE_OUT) != 0 ? WRITING : READING];
}

static void unwatch(struct queue *queue, struct note *note)
{
    if (note->is_watched)
        source_forget(queue_of(queue, note), note->source);
    note->is_watched = false;
}

static void drop(struct queue *queue, struct note **at)
{
    struct note *note = *at;

    unwatch(queue, note);
    if (filter_find(&note->kevent)->owns_source && note->source >= 0)
        (void)__real_close(note->source);
    *at = note->next;
    free(note);
}

/* Lets epoll look at the note anew, whatever has changed; not if it is disabled. */
static int watch(struct queue *queue, struct note *note)
{
    const struct filter *filter = filter_find(&note->kevent);
    bool is_edge = !filter->clears_itself && (note->kevent.flags & RAW_EV_CLEAR) != 0;

    if (!note->is_enabled) {
        unwatch(queue, note);
        return 0;
    }
    int result = source_watch(queue_of(queue, note), note->source, filter->bits, is_edge, note);
    note->is_watched = result == 0;
    return result;
}

static void set_flags(struct note *note, const struct filter *filter,
                      const struct raw_kevent *change)
{
    const unsigned kept = RAW_EV_ONESHOT | RAW_EV_CLEAR | RAW_EV_DISPATCH;

    note->kevent.flags = change->flags & kept;
    note->kevent.flags |= filter->sets_clear ? RAW_EV_CLEAR : 0;
}

/* Adds a note at the end of its list. 0 or -errno. */
static int add(struct queue *queue, struct note **at, const struct filter *filter,
               const struct raw_kevent *change)
{
    struct note *note = calloc(1, sizeof *note);

    if (note == NULL)
        return -ENOMEM;
    note->kevent = *change;
    set_flags(note, filter, change);
    note->is_enabled = (change->flags & RAW_EV_DISABLE) == 0;
    note->source = -1;
    *at = note;
    int result = filter->attach(note);
    if (result == 0)
        result = filter->touch(note, change, true);
    if (result == 0)
        result = watch(queue, note);
    if (result < 0)
        drop(queue, at);
    return result;
}

/* Makes one change. 0 or -errno. */
static int apply(struct queue *queue, const struct raw_kevent *change)
{
    const struct filter *filter = filter_find(change);

    if (filter == NULL)
        return -EINVAL;
    struct note **at = find_note(queue, change), *note = *at;
    if (note == NULL && !filter->owns_source) { /* before all else: is it open at all? */
        struct note probe = {.kevent = *change};
        if (filter->attach(&probe) < 0)
            return -EBADF;
    }
    if (note == NULL)
        return (change->flags & RAW_EV_ADD) != 0 ? add(queue, at, filter, change) : -ENOENT;
    if ((change->flags & RAW_EV_DELETE) != 0) {
        drop(queue, at);
        return 0;
    }
    int result = filter->touch(note, change, false);
    if (result < 0)
        return result;
    note->kevent.udata = change->udata;
    if ((change->flags & RAW_EV_ADD) != 0)
        set_flags(note, filter, change);
    if ((change->flags & RAW_EV_DISABLE) != 0)
        note->is_enabled = false;
    else if ((change->flags & (RAW_EV_ENABLE | RAW_EV_ADD)) != 0)
        note->is_enabled = true;
    return watch(queue, note);
}

/*
 * Makes the changes in order, and writes what failed, and receipts, into the events. What comes
 * after a receipt without room is not made.
 * Returns how many events there are, or -errno of the first change that failed without room for it.
 */
static int apply_all(struct queue *queue, const struct raw_kevent *changes, long n_changes,
                     struct raw_kevent *events, long cap)
{
    int n = 0;

    for (long i = 0; i < n_changes; i++) {
        struct raw_kevent change = changes[i]; /* both may be the same array */
        int result = apply(queue, &change);
        if (result == 0 && (change.flags & RAW_EV_RECEIPT) == 0)
            continue;
        if (n == cap)
            return result < 0 ? result : n;
        events[n] = change;
        events[n].flags = RAW_EV_ERROR;
        events[n++].data = -result;
    }
    return n;
}

/* ---- events ---- */

/* What one note has to report, and what follows from having reported it. */
static bool take(struct queue *queue, const struct source_event *source, struct raw_kevent *event)
{
    struct note *note = source->data;

    *event = note->kevent;
    if (!filter_find(event)->report(note, source->bits, event))
        return false;
    if ((event->flags & RAW_EV_ONESHOT) != 0) {
        drop(queue, find_note(queue, event));
    } else if ((event->flags & RAW_EV_DISPATCH) != 0) {
        note->is_enabled = false;
        unwatch(queue, note);
    }
    return true;
}

/* Takes what there is, at most cap. */
static int collect(struct queue *queue, struct raw_kevent *events, int cap)
{
    queue->n_waits++;
    int n_events = 0;
    struct source_event sources[MAX_BATCH];
    for (unsigned i = 0; i < 2; i++) {
        int room = cap - n_events < MAX_BATCH ? cap - n_events : MAX_BATCH;
        int n =
            room > 0 ? source_wait(queue->inner[(i + queue->n_waits) % 2], sources, room, 0) : 0;
        for (int k = 0; k < n; k++)
            n_events += take(queue, &sources[k], &events[n_events]);
    }
    return n_events;
}

static int64_t now_ms(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Milliseconds, rounded up; -1 for ever, at most a day as on FreeBSD ("BUGS"); -EINVAL. */
static int64_t milliseconds(const struct raw_timespec *timeout)
{
    if (timeout == NULL)
        return -1;
    if (timeout->tv_sec < 0 || timeout->tv_nsec < 0 || timeout->tv_nsec >= 1000000000)
        return -EINVAL;
    if (timeout->tv_sec >= MS_PER_DAY / 1000)
        return MS_PER_DAY;
    return (int64_t)timeout->tv_sec * 1000 + (timeout->tv_nsec + 999999) / 1000000;
}

/* Waits until there is something to take. The number of events, 0 after the time, or -errno. */
static int wait_for(struct queue *queue, struct raw_kevent *events, int cap, int64_t timeout_ms)
{
    int64_t end = timeout_ms > 0 ? now_ms() + timeout_ms : 0;

    for (;;) {
        struct calm before;
        lock(&before);
        int n = collect(queue, events, cap);
        unlock(&before);
        int64_t left = timeout_ms > 0 ? end - now_ms() : timeout_ms;
        if (n > 0 || (timeout_ms >= 0 && left <= 0))
            return n;
        struct source_event any;
        n = source_wait(queue->outer, &any, 1, (int)left); /* it stays ready until it is taken */
        if (n < 0)
            return n;
    }
}

static int fail(int result)
{
    errno = -result;
    return -1;
}

/* NetBSD counts in size_t, the others in int. */
#if defined(USERLAND_KQUEUE_OF_NETBSD)
typedef raw_size count_type;
#else
typedef int count_type;
#endif

int raw_kevent(int kq, const struct raw_kevent *changelist, count_type nchanges,
               struct raw_kevent *eventlist, count_type nevents, const struct raw_timespec *timeout)
{
    int64_t timeout_ms = milliseconds(timeout);
    struct calm before;

    lock(&before);
    struct queue *queue = find_queue(kq);
    int n = queue == NULL ? -EBADF : timeout_ms < -1 ? -EINVAL : 0;
    if (n == 0)
        n = apply_all(queue, changelist, (long)nchanges, eventlist, (long)nevents);
    unlock(&before);
    if (n == 0 && nevents > 0)
        n = wait_for(queue, eventlist, (int)nevents, timeout_ms);
    return n < 0 ? fail(n) : n;
}

/* ---- queues ---- */

static void end(struct queue *queue)
{
    for (int i = 0; i < N_BUCKETS; i++)
        while (queue->notes[i] != NULL)
            drop(queue, &queue->notes[i]);
    for (int i = 0; i < 2; i++)
        if (queue->inner[i] >= 0)
            (void)__real_close(queue->inner[i]);
    free(queue);
}

static int begin(struct queue *queue)
{
    queue->outer = source_queue();
    if (queue->outer < 0)
        return queue->outer;
    for (int i = 0; i < 2; i++) {
        queue->inner[i] = source_queue();
        if (queue->inner[i] < 0)
            return queue->inner[i];
        int result = source_watch(queue->outer, queue->inner[i], SOURCE_IN, false, NULL);
        if (result < 0)
            return result;
    }
    return 0;
}

int raw_kqueue(void)
{
    struct queue *queue = calloc(1, sizeof *queue);

    if (queue == NULL)
        return fail(-ENOMEM);
    queue->inner[0] = queue->inner[1] = -1;
    int result = begin(queue), kq = queue->outer;
    if (result < 0) {
        if (kq >= 0)
            (void)__real_close(kq);
        end(queue);
        return fail(result);
    }
    struct calm before;
    lock(&before);
    queue->next = queues;
    queues = queue;
    unlock(&before);
    return kq;
}

/* What the kernel does when a descriptor is closed: all notes of its number go, and if it is a
 * queue, that goes. */
static void closing(int fd)
{
    const struct raw_kevent keys[] = {{.ident = (unsigned)fd, .filter = RAW_EVFILT_READ},
                                      {.ident = (unsigned)fd, .filter = RAW_EVFILT_WRITE}};
    struct calm before;

    lock(&before);
    for (struct queue **at = &queues; *at != NULL;) {
        struct queue *queue = *at;
        for (int i = 0; i < 2; i++) {
            struct note **note = find_note(queue, &keys[i]);
            if (*note != NULL)
                drop(queue, note);
        }
        if (queue->outer == fd) {
            *at = queue->next;
            end(queue);
        } else {
            at = &queue->next;
        }
    }
    unlock(&before);
}

int __wrap_close(int fd)
{
    if (fd >= 0)
        closing(fd);
    return __real_close(fd);
}

int __wrap_dup2(int from, int to)
{
    if (from != to && to >= 0 && fcntl(from, F_GETFD) >= 0)
        closing(to);
    return __real_dup2(from, to);
}

/* Marks the notes for writing whose socket has no more of it. */
int __wrap_shutdown(int fd, int how)
{
    const struct raw_kevent key = {.ident = (unsigned)fd, .filter = RAW_EVFILT_WRITE};
    int result = __real_shutdown(fd, how);
    struct calm before;

    lock(&before);
    for (struct queue *queue = queues; result == 0 && how != SHUT_RD && queue != NULL;
         queue = queue->next) {
        struct note *note = *find_note(queue, &key);
        if (note != NULL)
            note->is_shut = true;
    }
    unlock(&before);
    return result;
}
