/* What the contract tests share: one loop, descriptors that are closed after each test, a clock,
 * and the kernel's own view of a registration.
 */
#ifndef TESTS_EVENT_FIXTURE_H
#define TESTS_EVENT_FIXTURE_H

#include <stdint.h>

#include "abp_event.h"
#include "check.h"

/* Opens a loop, that of the test; NULL for default options. Closed after the test. */
struct abp_loop *open_loop(const struct abp_loop_options *options);
/* A connected pair of nonblocking stream sockets, or a pipe: [0] is read, [1] is written. */
void make_pair(int fds[2]);
void make_pipe(int fds[2]);
/* A TCP socket that listens on a free port of loopback; a connection to it, not yet accepted. */
int make_listener(void);
int connect_to(int listener);
/* A regular file that has no name. */
int make_file(void);
/* Remembers a descriptor to be closed after the test; returns it. Closes one at once. */
int keep(int fd);
void drop(int fd);
/* Closes the loop and what was kept; runs after each test. */
void reset(void);

void send_bytes(int fd, const char *text);
/* Writes until the kernel takes no more. */
void fill(int fd);
/* Reads until there is no more; how many bytes. */
size_t drain(int fd);

/* Milliseconds of the monotonic clock, rounded down; nanoseconds. */
int64_t now_ms(void);
int64_t now_ns(void);

/* The mask that the kernel has for fd in the loop's queue, by /proc; -1 if it has none, -2 if the
 * system does not tell. */
int64_t kernel_mask(const struct abp_loop *loop, int fd);
/* How many descriptors this process has open. */
int count_fds(void);
/* Leaves room for so many descriptors more, or for as many as before if that is negative. */
void set_room(int room);

/* Interrupts the calling thread every `us` microseconds, or so; 0 ends that. n_signals: since then.
 */
void storm(unsigned us);
unsigned n_signals(void);

#endif
