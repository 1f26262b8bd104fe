/* What a note of the kqueue in user space waits for, in Linux's terms: a descriptor that epoll can
 * watch. Over the raw bindings of epoll, eventfd and timerfd. All return -errno when they fail.
 */
#ifndef TESTS_USERLAND_SOURCE_H
#define TESTS_USERLAND_SOURCE_H

#include <stdbool.h>
#include <stdint.h>

/* What is asked for; what has happened. */
enum source_bits { SOURCE_IN = 1, SOURCE_OUT = 2, SOURCE_END = 4, SOURCE_ERROR = 8 };

struct source_event {
    void *data;
    unsigned bits; /* enum source_bits */
};

/* A queue of sources; it can itself be a source of another. */
int source_queue(void);
/*
 * Watches a descriptor, or watches it anew: what holds already is reported again.
 *   bits: SOURCE_IN or SOURCE_OUT; the rest is reported unasked
 *   is_edge: reported once for each time that it begins to hold
 */
int source_watch(int queue, int fd, unsigned bits, bool is_edge, void *data);
void source_forget(int queue, int fd);
/* How many are filled in, at most cap, after at most timeout_ms, or for ever if that is -1. */
int source_wait(int queue, struct source_event *events, int cap, int timeout_ms);

/* A flag: readable while it is up. */
int source_flag(void);
void source_raise(int flag);
void source_lower(int flag);

/* A timer: readable when it has expired. */
int source_timer(bool is_wall_clock);
/* Starts it anew; expirations of before are forgotten. In nanoseconds; period 0: once. */
int source_start(int timer, int64_t first_ns, int64_t period_ns, bool is_absolute);
/* How often it has expired since the last call. */
uint64_t source_expired(int timer);

/* What can be read from, or written into, a descriptor: bytes, or connections that wait. */
int64_t source_can_read(int fd);
int64_t source_can_write(int fd);
/* The error of a socket, which this clears: Linux has no way to look without taking. */
int source_error(int fd);

/* close of libc, and not the one of kqueue.c that stands in its place. */
int __real_close(int fd);

#endif
