/* The contract of a descriptor that several loops watch.
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>

#include "contract.h"

static char tag_a, tag_b;

static void shared_listener_is_not_exclusive(void)
{
    struct abp_loop *loop = open_loop(NULL);
    int listener = make_listener();

    CHECK_INT(0, abp_loop_add_read_shared(loop, listener, &tag_a));
    int64_t mask = kernel_mask(loop, listener);
    if (mask != -2)
        CHECK_INT(0x10000000, mask & 0x10000000); /* EPOLLEXCLUSIVE */
    (void)connect_to(listener);
    struct abp_event event;
    CHECK_INT(1, abp_loop_wait(loop, &event, 1, 5000));
    CHECK(event.readable);
    CHECK_PTR(&tag_a, event.udata);
    if (mask != -2) {
        CHECK_INT(-EEXIST, abp_loop_add_read_shared(loop, listener, &tag_b));
        CHECK_INT(-EINVAL, abp_loop_add_write(loop, listener, &tag_b));
        CHECK_INT(-EINVAL, abp_loop_add_read(loop, listener, &tag_b));
    }
    CHECK_INT(1, abp_loop_wait(loop, &event, 1, 0));
    CHECK_PTR(&tag_a, event.udata);
    CHECK_INT(0, abp_loop_del_read(loop, listener));
    CHECK_INT(0, abp_loop_wait(loop, &event, 1, 0));
    CHECK_INT(0, abp_loop_add_read(loop, listener, &tag_b));
    CHECK_INT(1, abp_loop_wait(loop, &event, 1, 0));
    CHECK_PTR(&tag_b, event.udata);
}

/* ---- many loops, one listening socket ---- */

enum { N_LOOPS = 4, N_ROUNDS = 5, LIMIT_MS = 20000 };

struct sleeper {
    pthread_t thread;
    struct abp_loop loop;
    int *n_woken; /* of all; atomic */
};

static void *sleep_in_loop(void *argument)
{
    struct sleeper *sleeper = argument;
    struct abp_event event;

    if (abp_loop_wait(&sleeper->loop, &event, 1, LIMIT_MS) == 1 && event.readable)
        __atomic_add_fetch(sleeper->n_woken, 1, __ATOMIC_SEQ_CST);
    return NULL;
}

/* One connection comes while all loops sleep. Returns how many of them it has woken. */
static int count_woken(bool is_shared, int wanted)
{
    static struct sleeper sleepers[N_LOOPS];
    int listener = make_listener(), n_woken = 0, result = 0;

    for (int i = 0; i < N_LOOPS; i++) {
        sleepers[i].n_woken = &n_woken;
        result |= abp_loop_init(&sleepers[i].loop, NULL);
        result |= is_shared ? abp_loop_add_read_shared(&sleepers[i].loop, listener, NULL)
                            : abp_loop_add_read(&sleepers[i].loop, listener, NULL);
        result |= pthread_create(&sleepers[i].thread, NULL, sleep_in_loop, &sleepers[i]);
    }
    CHECK_INT(0, result);
    (void)poll(NULL, 0, 50); /* now they sleep; one that does not yet is counted in vain */
    (void)connect_to(listener);
    int64_t end = now_ms() + 5000;
    while (__atomic_load_n(&n_woken, __ATOMIC_SEQ_CST) < wanted && now_ms() < end)
        (void)poll(NULL, 0, 1);
    (void)poll(NULL, 0, 50); /* more than that? */
    int n = __atomic_load_n(&n_woken, __ATOMIC_SEQ_CST);
    for (int i = 0; i < N_LOOPS; i++) {
        result |= abp_loop_wake(&sleepers[i].loop);
        result |= pthread_join(sleepers[i].thread, NULL);
        abp_loop_close(&sleepers[i].loop);
    }
    drop(listener);
    CHECK_INT(0, result);
    return n;
}

/* "One or more", says epoll_ctl(2) of what is woken; so a round may be worse than it should be. */
static void connection_wakes_all_loops_that_share_a_listener(void)
{
    CHECK_INT(N_LOOPS, count_woken(false, N_LOOPS)); /* that is what sharing is to prevent */
    int n_woken = 0;
    for (int i = 0; i < N_ROUNDS; i++) {
        int n = count_woken(true, 1);
        CHECK_BETWEEN(1, N_LOOPS, n);
        n_woken += n;
    }
    if (!BACKEND_IS_KQUEUE) /* which has nothing like it */
        CHECK_BETWEEN(N_ROUNDS, N_ROUNDS * N_LOOPS / 2, n_woken);
}

static const struct test tests[] = {
    TEST(shared_listener_is_not_exclusive),                 /* L28 */
    TEST(connection_wakes_all_loops_that_share_a_listener), /* L28 */
};

const struct test_list shared_tests = {tests, sizeof tests / sizeof tests[0]};
