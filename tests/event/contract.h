/* The files of the contract, and what they share beside fixture.h. */
#ifndef TESTS_EVENT_CONTRACT_H
#define TESTS_EVENT_CONTRACT_H

#include "fixture.h"

struct test_list {
    const struct test *tests;
    size_t n_tests;
};

extern const struct test_list contract_tests, reuse_tests, failure_tests, wake_tests;

/* Whether the backend counts bytes by itself, as kqueue does. */
#if defined(__linux__) && !defined(BACKEND_KQUEUE)
#define BACKEND_COUNTS_BYTES 0
#else
#define BACKEND_COUNTS_BYTES 1
#endif

/* Starts a thread that wakes the loop in so many milliseconds; join_wakers ends all such. */
void wake_later(struct abp_loop *loop, int ms);
void join_wakers(void);

#endif
