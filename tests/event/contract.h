/* The files of the contract, and what they share beside fixture.h. */
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
