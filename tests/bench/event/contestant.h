/* What every loop under measurement does, so that one program can time them beside each other. */
#ifndef TESTS_BENCH_EVENT_CONTESTANT_H
#define TESTS_BENCH_EVENT_CONTESTANT_H

/* What a handler has: where its events are counted. One a descriptor, in one array for all. */
struct watched {
    int fd;
    unsigned n_events;
};

enum { BATCH = 256 }; /* events a wait may return, where the caller decides */

struct contestant {
    const char *name;
    /* A loop that watches n descriptors for reading, level-triggered; every event goes to
     * ++n_events. NULL if it cannot be made. */
    void *(*open)(struct watched *watched, int n);
    void (*close)(void *state);
    /* Waits and handles what is ready, n_turns times. */
    void (*turn)(void *state, int n_turns);
    /* n times: a descriptor that the loop does not know is watched for reading, then for writing
     * too, then not at all; the kernel has followed each step before the next. */
    void (*churn)(void *state, struct watched *watched, int n);
    /* Ends or prepares a wait; from another thread. NULL: none is measured. */
    void (*wake)(void *state);
    /* Waits until one or more wakes came. */
    void (*take_wakes)(void *state);
};

extern const struct contestant raw_contestant, abp_contestant;
#ifdef HAVE_LIBUV
extern const struct contestant uv_contestant;
#endif
#ifdef HAVE_LIBEV
extern const struct contestant ev_contestant;
#endif
#ifdef HAVE_LIBEVENT
extern const struct contestant event_contestant;
#endif

#endif
