/* The files of the contract, and what they share beside fixture.h.
 *
 * The lists of tests name the statements that a test holds:
 *   L1  init: a queue that is closed on exec; close may be called again, and leaves -1
 *   L2  reading and writing are independent; removing what is not there does nothing
 *   L3  end: the other side's half-close or hangup; err: what the kernel calls an error
 *   L4  an event has fd, udata as given, readable, writable, eof, err, wake, nbytes
 *   L5  wait: negative for ever, 0 does not wait; 0 returned means timeout and nothing else
 *   L6  an idle wait never ends before its timeout     L7  signals do not end a wait
 *   L8  what was not consumed is reported again        L9  writing follows the buffer's room
 *   L10 a wake from any thread is one event; wakes before a wait are one
 *   L11 a wake ends a wait that blocks, and is kept for the next
 *   L12 deadlines: monotonic, what remains is never below 0
 *   L13 a refused registration leaves everything as it was
 *   L14 a registration is found in one step            L15 a batch is as large as the array
 *   L16 drain, clear the flag, then handle: a full channel loses no wake
 *   L17 a wake is possible from init on                L18 its udata may be set again
 *   L19 udata is of each direction                     L20 a number used anew can be added
 *   L21 the table changes after the kernel agreed      L22 what is over is dropped, also in a batch
 *   L23 a storm of signals does not stretch a wait     L24 timeouts are clamped; a cap of 0 is
 * refused L25 no system call that nobody asked for           L26 one event a descriptor, on kqueue
 * too L27 a file that is open elsewhere: as documented   L28 a shared listener wakes one loop
 */
#ifndef TESTS_EVENT_CONTRACT_H
#define TESTS_EVENT_CONTRACT_H

#include "fixture.h"

struct test_list {
    const struct test *tests;
    size_t n_tests;
};

extern const struct test_list contract_tests, reuse_tests, failure_tests, wake_tests, call_tests,
    shared_tests, cost_tests, time_tests, renewal_tests, kqueue_tests;

/* Which backend is linked: epoll; kqueue; kqueue over tests/event/userland_kqueue. */
#if defined(USERLAND_KQUEUE)
#define BACKEND_IS_KQUEUE   1
#define BACKEND_IS_EMULATED 1
#else
#if defined(__linux__)
#define BACKEND_IS_KQUEUE 0
#else
#define BACKEND_IS_KQUEUE 1
#endif
#define BACKEND_IS_EMULATED 0
#endif

/* Starts a thread that wakes the loop in so many milliseconds; join_wakers ends all such. */
void wake_later(struct abp_loop *loop, int ms);
void join_wakers(void);

#endif
