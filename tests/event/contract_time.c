/* The contract about time: waits that end neither early nor late, and deadlines.
 */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <time.h>

#include "contract.h"

/* Or long after it: the upper bound is wide, as a busy machine needs. */
static void idle_wait_ends_before_its_timeout(void)
{
    static const int timeouts[] = {1, 2, 7, 20, 51, 120};
    struct abp_loop *loop = open_loop(NULL);
    struct abp_event event;

    for (size_t i = 0; i < sizeof timeouts / sizeof timeouts[0]; i++) {
        int64_t begin = now_ns();
        CHECK_INT(0, abp_loop_wait(loop, &event, 1, timeouts[i]));
        CHECK_BETWEEN(timeouts[i] * 1000000LL, (timeouts[i] + 900) * 1000000LL, now_ns() - begin);
    }
}

/* Also: a storm that began the wait anew each time would stretch it for ever. */
static void signals_surface_or_stretch_the_wait(void)
{
    struct abp_loop *loop = open_loop(NULL);

    storm(500);
    int64_t begin = now_ms();
    struct abp_event event;
    CHECK_INT(0, abp_loop_wait(loop, &event, 1, 200));
    int64_t took = now_ms() - begin;
    CHECK_BETWEEN(5, UINT_MAX, n_signals());
    CHECK_BETWEEN(200, 5000, took);
    CHECK_INT(0, abp_loop_wait(loop, &event, 1, 0));
    storm(0);
}

static void deadlines_go_back_or_below_0(void)
{
    int64_t deadline = abp_deadline_in(30), last = INT64_MAX;

    CHECK(!abp_deadline_expired(deadline));
    CHECK_BETWEEN(1, 30, abp_deadline_remaining_ms(deadline));
    while (!abp_deadline_expired(deadline)) {
        int64_t left = abp_deadline_remaining_ms(deadline);
        CHECK_BETWEEN(0, last, left);
        last = left;
        (void)poll(NULL, 0, 1);
    }
    CHECK_BETWEEN(deadline, INT64_MAX, now_ns());
    CHECK_INT(0, abp_deadline_remaining_ms(deadline));
    CHECK_INT(0, abp_deadline_remaining_ms(INT64_MIN));
    CHECK(abp_deadline_expired(abp_deadline_in(0)));
    CHECK_INT(ABP_NEVER, abp_deadline_in(-1));
    CHECK_INT(ABP_NEVER, abp_deadline_in(INT64_MAX));
    CHECK(!abp_deadline_expired(ABP_NEVER));
    CHECK_INT(INT64_MAX, abp_deadline_remaining_ms(ABP_NEVER));
}

static void timeouts_above_int_max_are_cut_short(void)
{
    static const int64_t timeouts[] = {(int64_t)INT_MAX + 1, (int64_t)1 << 32, INT64_MAX};
    struct abp_loop *loop = open_loop(NULL);
    int fds[2];

    make_pair(fds);
    CHECK_INT(0, abp_loop_add_read(loop, fds[0], NULL));
    struct abp_event event;
    for (size_t i = 0; i < sizeof timeouts / sizeof timeouts[0]; i++) {
        int64_t begin = now_ms();
        clock_t used = clock();
        wake_later(loop, 100);
        CHECK_INT(1, abp_loop_wait(loop, &event, 1, timeouts[i]));
        CHECK(event.wake);
        CHECK_BETWEEN(99, INT64_MAX, now_ms() - begin);
        CHECK_BETWEEN(0, CLOCKS_PER_SEC / 12, clock() - used); /* it slept, and did not poll */
        join_wakers();
    }
}

static const struct test tests[] = {
    TEST(idle_wait_ends_before_its_timeout),    /* L6 */
    TEST(signals_surface_or_stretch_the_wait),  /* L7, L23 */
    TEST(deadlines_go_back_or_below_0),         /* L12 */
    TEST(timeouts_above_int_max_are_cut_short), /* L24 */
};

const struct test_list time_tests = {tests, sizeof tests / sizeof tests[0]};
