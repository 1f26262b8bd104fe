/* abpevent: one readiness loop over epoll (Linux) and kqueue (macOS, FreeBSD, NetBSD, OpenBSD).
 *
 * A loop watches descriptors and says which of them can be read or written without blocking. It is
 * level-triggered: what was not consumed is reported again. Any thread may end a wait by a wake.
 *
 *     struct abp_loop loop;
 *     struct abp_event events[64];
 *
 *     int result = abp_loop_init(&loop, NULL);
 *     result = abp_loop_add_read(&loop, fd, connection);
 *     int n = abp_loop_wait(&loop, events, 64, -1);
 *     for (int i = 0; i < n; i++) {
 *         if (!abp_loop_still_ready(&loop, &events[i]))
 *             continue;               // an earlier event of this batch removed it
 *         ...
 *     }
 *     abp_loop_close(&loop);
 *
 * Errors: a function that can fail returns a negative errno value. Nothing prints, aborts or exits.
 * Threads: one thread at a time uses a loop; abp_loop_wake alone may be called from any thread and
 * from a signal handler, between init and close; a thread that is cancelled there is not cut off in
 * the middle. A loop does not survive fork: kqueue is not inherited, and an epoll queue would be
 * shared. The child may only close it, and before it opens anything: with kqueue, whose descriptor
 * it does not have, the number could be another file's by then.
 *
 * Remove a descriptor before you close it. Closing alone is not enough where the open file lives on
 * under another descriptor, by dup or in a child: epoll then goes on reporting the number that was
 * closed (epoll(7), "Questions and answers", 6). kqueue forgets a descriptor when it is closed. The
 * loop tells such events by generations. Until the number is removed or added anew they are
 * reported as before; from then on they are dropped, and the first that is dropped has the queue
 * made anew without the file that sends them. That takes two system calls for each descriptor
 * watched, one descriptor more for a moment, and twice the watches, of which a user has a limited
 * number (epoll(7), max_user_watches): without these the queue stays, and waits do not sleep while
 * that file is ready.
 *
 * What differs between the systems:
 *   - regular files: epoll refuses them (-EPERM); kqueue reports them as readable while they are
 * not at their end, and may refuse to watch them for writing (-EINVAL);
 *   - the writing end of a pipe whose reader is gone: `err` on epoll, `eof` on kqueue; and adding
 * it then fails on kqueue, with -EPIPE, on NetBSD with -EBADF;
 *   - watched for writing alone, its own end of writing (shutdown) is `eof` on kqueue;
 *   - an error without an end, such as a refused datagram: `err` on epoll, on kqueue readable or
 *     writable alone;
 *   - the same direction added again between wait and abp_loop_still_ready: the event still holds
 * on epoll, and comes once more on kqueue;
 *   - nbytes: free on kqueue, a system call when asked for on epoll (abp_event_nbytes);
 *   - abp_loop_add_read_shared: wakes one loop on Linux (at least one, say the kernel's rules), all
 *     loops elsewhere.
 */
#ifndef ABP_EVENT_H
#define ABP_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifndef ABP_API
#define ABP_API __attribute__((visibility("default")))
#endif

/* One descriptor of a loop's table, indexed by number; private. */
struct abp_slot;

/*
 * Gives, grows, shrinks or frees memory.
 *   context: options.allocator_context
 *   memory: what an earlier call returned, or NULL
 *   old_bytes: its size, 0 with NULL
 *   new_bytes: the size wanted; 0 frees, and the result is not looked at
 * Returns memory aligned for any type, its first bytes as they were, or NULL: then the old memory
 * is still there. Called only by the thread that uses the loop, in init, add, wait and close.
 */
typedef void *(*abp_reallocate_fn)(void *context, void *memory, size_t old_bytes, size_t new_bytes);

/* How to make a loop; all zero is the default of everything. */
struct abp_loop_options {
    abp_reallocate_fn reallocate; /* NULL: realloc and free of libc */
    void *allocator_context;      /* handed to reallocate; not owned */
    unsigned n_fds;               /* room for descriptors below this number at once; it grows */
    void *wake_udata;             /* udata of wake events, see abp_loop_set_wake_udata */
};

/*
 * A loop. The fields are private; it stands here so that it can live inside the caller's own
 * structures. It must not be copied or moved between init and close.
 */
struct abp_loop {
    int queue_fd;           /* epoll or kqueue; -1 when closed */
    int wake_fd;            /* eventfd on Linux; -1 when closed, and always with kqueue */
    int outer_fd;           /* what abp_loop_fd gave on Linux, or -1 */
    uint32_t n_slots;       /* entries of slots */
    uint32_t n_batch;       /* kqueue: entries of batch */
    struct abp_slot *slots; /* indexed by descriptor */
    void *batch;            /* kqueue: what the kernel filled in */
    void *wake_udata;       /* of wake events */
    abp_reallocate_fn reallocate;
    void *allocator_context;
    unsigned char apart[64]; /* other threads write the next word: keep it off the lines above */
    uint32_t wake_pending;   /* 1 from the first wake until the loop has drained it; atomic */
    unsigned char apart_too[60];
};

/*
 * What happened to one descriptor, or a wake. One event a descriptor and wait, also on
 * kqueue, which reports reading and writing apart; there the other direction comes with the next
 * wait if the array has no room for both reports.
 */
struct abp_event {
    void *udata;       /* as given to add: of the read interest if the event concerns it, else of
                          the write interest; of the wake if it is one */
    void *write_udata; /* as given to add_write if the event concerns the write interest, or NULL */
    int64_t nbytes;    /* bytes that can be read (of a listening socket: connections waiting) where
                          the system reports them by itself, else -1; see abp_event_nbytes */
    int fd;            /* the descriptor; -1 of a wake */
    uint32_t generation; /* private: tells the registrations of one number apart */
    bool readable;       /* a read will not block: bytes, a connection, the end, or an error */
    bool writable;       /* a write will not block: there is room, or it will fail */
    bool eof;            /* the other side sends nothing more; first read what is left */
    bool err;            /* an error is pending; read, write or SO_ERROR tells which */
    bool wake;           /* abp_loop_wake was called, once or more; nothing else is set then */
};

/* ---- making and ending ---- */

/*
 * Opens a loop: a queue that is closed on exec, and its wake channel, so that no wake is lost from
 * here on.
 *   loop: memory of the caller, in any state; stays in use until abp_loop_close
 *   options: read only, not kept; NULL for the defaults
 * Returns 0, or -errno; the loop is closed then, and closing it again does nothing.
 * Errors: EMFILE, ENFILE no descriptor left; ENOMEM; EINVAL a kernel without EVFILT_USER, which
 * came with NetBSD 10 and OpenBSD 7.8. Source: epoll_create1(2), eventfd(2); kqueue(2).
 */
ABP_API int abp_loop_init(struct abp_loop *loop, const struct abp_loop_options *options);

/*
 * Closes a loop that abp_loop_init has seen, whatever it returned, and frees its memory. The
 * descriptors it watched stay open. A second call does nothing. No wake may run at the same time or
 * later.
 */
ABP_API void abp_loop_close(struct abp_loop *loop);

/*
 * Returns a descriptor that is readable (poll, another loop) while events wait; -1 of a closed
 * loop. It belongs to the loop, and is the same until the loop is closed. On Linux it is opened by
 * the first call, which may therefore fail with -errno. Errors: EMFILE, ENFILE, ENOMEM, ENOSPC.
 * Source: epoll(7); kqueue(2).
 */
ABP_API int abp_loop_fd(struct abp_loop *loop);

/* ---- what to watch ---- */

/*
 * Watches a descriptor for reading, or for writing; the two are independent. Adding a direction
 * again replaces its udata. Also right for a descriptor that was closed without removal and whose
 * number is now another file's: the old interest is forgotten.
 *   fd: an open descriptor, not owned
 *   udata: returned in events of this direction, never looked at
 * Returns 0, or -errno; then nothing has changed.
 * Errors: EBADF not open; EPERM (epoll), EINVAL, ENODEV, EOPNOTSUPP (kqueue) a file that cannot be
 * watched so; EPIPE, and EBADF on NetBSD, the writing end of a pipe that nobody reads (kqueue);
 * EINVAL fd is the loop's own queue, or was added with abp_loop_add_read_shared (epoll); ELOOP
 * loops that watch each other (epoll; elsewhere EINVAL or nothing); ENOMEM; ENOSPC too many watches
 * of this user (epoll). Source: epoll_ctl(2); kevent(2).
 */
ABP_API int abp_loop_add_read(struct abp_loop *loop, int fd, void *udata);
ABP_API int abp_loop_add_write(struct abp_loop *loop, int fd, void *udata);

/*
 * As abp_loop_add_read, for a descriptor that several loops watch, such as a listening socket:
 * Linux then wakes one of the loops (EPOLLEXCLUSIVE), others wake all. Without interest in writing,
 * and to be removed before it is added otherwise. A half-close is not reported on Linux. Errors:
 * also EEXIST: this loop watches fd already (epoll).
 */
ABP_API int abp_loop_add_read_shared(struct abp_loop *loop, int fd, void *udata);

/*
 * Ends the interest in reading, in writing, or in both at once: what to call before closing. A
 * direction that is not watched is no error, nor is a descriptor that the system has already
 * forgotten because it was closed. Returns 0, or -errno; then what could not be ended goes on.
 * Errors: ENOMEM.
 * Source: epoll_ctl(2); kevent(2).
 */
ABP_API int abp_loop_del_read(struct abp_loop *loop, int fd);
ABP_API int abp_loop_del_write(struct abp_loop *loop, int fd);
ABP_API int abp_loop_del(struct abp_loop *loop, int fd);

/* ---- waking ---- */

/* Sets the udata of wake events from now on; NULL after init unless options say otherwise. */
ABP_API void abp_loop_set_wake_udata(struct abp_loop *loop, void *udata);

/*
 * Ends the wait that is going on, or the next one, with one wake event. Wakes that come before it
 * was taken count as one. What the calling thread wrote before is visible to the thread that gets
 * the event. Any thread, and signal handlers; errno stays as it is. Returns 0, or -errno. Errors:
 * EBADF the loop is closed. Source: eventfd(2); kqueue(2), EVFILT_USER.
 */
ABP_API int abp_loop_wake(struct abp_loop *loop);

/* ---- waiting ---- */

/*
 * Waits until something happens.
 *   events: array of cap events of the caller, filled from 0; all of it may be overwritten
 *   cap: above 0; the kernel is asked for as many events at once
 *   timeout_ms: milliseconds; negative waits for ever, 0 does not wait. Never returns early, except
 *     with events. Signals neither end nor stretch it
 * Returns the number of events, above 0; 0 when the time is over; or -errno.
 * Errors: EINVAL cap is not positive; EBADF the loop is closed.
 * Source: epoll_wait(2); kevent(2).
 */
ABP_API int abp_loop_wait(struct abp_loop *loop, struct abp_event *events, int cap,
                          int64_t timeout_ms);

/*
 * Says whether an event that abp_loop_wait returned still holds: while earlier events of the batch
 * were handled, a descriptor may have been removed, or its number used for another file that was
 * added. What does not hold any more is cleared in the event, and udata and write_udata become what
 * was given last. Always true of a wake. Returns true if readable or writable is left. Cheap: one
 * look at the table, no system call; so it cannot know of a descriptor that was closed without
 * removal and not added again.
 */
ABP_API bool abp_loop_still_ready(const struct abp_loop *loop, struct abp_event *event);

/*
 * Returns how many bytes can be read from the event's descriptor: nbytes where the system has
 * reported it, else by a system call; or -errno. Errors: EINVAL a wake; EINVAL, ENOTTY a descriptor
 * that cannot tell, such as a listening socket on Linux; EBADF closed meanwhile. Source: ioctl(2),
 * FIONREAD; kevent(2), data of EVFILT_READ.
 */
ABP_API int64_t abp_event_nbytes(const struct abp_event *event);

/* ---- deadlines ---- */

/* A point in time that never comes. */
#define ABP_NEVER INT64_MAX

/*
 * Returns the time in so many milliseconds, as nanoseconds of the monotonic clock; ABP_NEVER if
 * timeout_ms is negative or too large. Any thread.
 * Source: clock_gettime(2), CLOCK_MONOTONIC.
 */
ABP_API int64_t abp_deadline_in(int64_t timeout_ms);

/* Returns whether that time has come. */
ABP_API bool abp_deadline_expired(int64_t deadline);

/*
 * Returns the milliseconds until then, rounded up, so that a wait of this length ends after it; 0
 * if it has come, never less. INT64_MAX for ABP_NEVER: abp_loop_wait takes that as well.
 */
ABP_API int64_t abp_deadline_remaining_ms(int64_t deadline);

#ifdef __cplusplus
}
#endif

#endif
