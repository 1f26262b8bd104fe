/* The filters of the kqueue in user space: what a note is, and what each filter does with one. */
#ifndef TESTS_USERLAND_FILTERS_H
#define TESTS_USERLAND_FILTERS_H

#include "kqueue.h"
#include "source.h"

/* One registration: there is one of each ident and filter in a queue. */
struct note {
    struct note *next;        /* of the queue */
    struct raw_kevent kevent; /* as registered; what is returned begins as a copy of it */
    int source;               /* what epoll watches; -1 before attach */
    int error;                /* a socket's, once it was seen */
    bool is_shut;             /* the socket's writing, by the program itself */
    bool is_enabled;
    bool is_watched; /* by epoll */
};

struct filter {
    unsigned bits;      /* enum source_bits: which of the two directions it waits for */
    bool owns_source;   /* and closes it with the note */
    bool sets_clear;    /* EV_CLEAR is always on */
    bool clears_itself; /* by report, and not by an edge of epoll's */
    /* Opens the source. 0 or -errno. */
    int (*attach)(struct note *note);
    /* Takes what a change says; is_new: it is the first. 0 or -errno, and then nothing has changed.
     */
    int (*touch)(struct note *note, const struct raw_kevent *change, bool is_new);
    /* Completes the event that is returned. False: what was reported does not hold any more. */
    bool (*report)(struct note *note, unsigned bits, struct raw_kevent *event);
};

/* NULL: unknown. */
const struct filter *filter_find(const struct raw_kevent *change);

#endif
