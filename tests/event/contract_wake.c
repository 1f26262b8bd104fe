/* The contract of wakes, with threads; also run under ThreadSanitizer, which sees neither system
 * call nor eventfd: what orders memory must be the library's own atomics.
 *
 * ABP_TEST_WAKES: how many wakes the flood sends, 10,000,000 by default.
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include "contract.h"

enum { N_THREADS = 4, LOST_MS = 20000 };

static char tag_a, tag_b;

/* ---- wakes from other threads ---- */

struct waker {
    pthread_t thread;
    struct abp_loop *loop;
    int ms;
};

static struct waker wakers[8];
static int n_wakers;

static void *wake_once(void *argument)
{
    struct waker *waker = argument;

    (void)poll(NULL, 0, waker->ms);
    (void)abp_loop_wake(waker->loop);
    return NULL;
}

void wake_later(struct abp_loop *loop, int ms)
{
    CHECK(n_wakers < 8);
    struct waker *waker = &wakers[n_wakers];
    *waker = (struct waker){.loop = loop, .ms = ms};
    CHECK_INT(0, pthread_create(&waker->thread, NULL, wake_once, waker));
    n_wakers++;
}

void join_wakers(void)
{
    while (n_wakers > 0)
        (void)pthread_join(wakers[--n_wakers].thread, NULL);
}

static void wakes_are_lost_doubled_or_without_udata(void)
{
    struct abp_loop *loop = open_loop(&(struct abp_loop_options){.wake_udata = &tag_a});

    errno = ERANGE;
    for (int i = 0; i < 1000; i++)
        CHECK_INT(0, abp_loop_wake(loop));
    CHECK_INT(ERANGE, errno); /* signal handlers may wake */
    struct abp_event events[4];
    memset(events, 0xff, sizeof events);
    CHECK_INT(1, abp_loop_wait(loop, events, 4, -1));
    CHECK(events[0].wake && !events[0].readable && !events[0].writable && !events[0].eof);
    CHECK(!events[0].err && events[0].write_udata == NULL && events[0].nbytes == -1);
    CHECK(abp_loop_still_ready(loop, &events[0]));
    CHECK_INT(-1, events[0].fd);
    CHECK_PTR(&tag_a, events[0].udata);
    CHECK_INT(0, abp_loop_wait(loop, events, 4, 20)); /* no second firing */
    CHECK_INT(0, abp_loop_wake(loop));                /* and it works again */
    CHECK_INT(1, abp_loop_wait(loop, events, 4, 0));
}

static void wake_does_not_end_a_wait_that_blocks(void)
{
    struct abp_loop *loop = open_loop(NULL);

    wake_later(loop, 50);
    struct abp_event event;
    CHECK_INT(1, abp_loop_wait(loop, &event, 1, -1));
    CHECK(event.wake);
    join_wakers();
    wake_later(loop, 0);
    join_wakers(); /* before the wait: it is kept */
    CHECK_INT(1, abp_loop_wait(loop, &event, 1, -1));
    CHECK(event.wake);
}

static void wake_before_anybody_waited_or_registered_is_lost(void)
{
    struct abp_loop *loop = open_loop(NULL);

    CHECK_INT(0, abp_loop_wake(loop));
    abp_loop_set_wake_udata(loop, &tag_a);
    abp_loop_set_wake_udata(loop, &tag_b);
    struct abp_event event;
    CHECK_INT(1, abp_loop_wait(loop, &event, 1, -1));
    CHECK_PTR(&tag_b, event.udata);
}

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;

static void *wake_when_cancelled(void *loop)
{
    (void)pthread_mutex_lock(&gate); /* no cancellation point */
    (void)pthread_mutex_unlock(&gate);
    (void)abp_loop_wake(loop);
    return NULL;
}

/* Its thread ends at the first cancellation point, which must not be in the middle of a wake. */
static void wake_of_a_cancelled_thread_ends_all_wakes(void)
{
    struct abp_loop *loop = open_loop(NULL);

    (void)pthread_mutex_lock(&gate);
    pthread_t thread;
    int created = pthread_create(&thread, NULL, wake_when_cancelled, loop);
    int cancelled = created == 0 ? pthread_cancel(thread) : 0;
    (void)pthread_mutex_unlock(&gate);
    CHECK_INT(0, created);
    CHECK_INT(0, cancelled);
    CHECK_INT(0, pthread_join(thread, NULL));
    CHECK_INT(0, abp_loop_wake(loop));
    struct abp_event event;
    CHECK_INT(1, abp_loop_wait(loop, &event, 1, 5000));
    CHECK(event.wake);
}

static void setting_wake_udata_again_does_not_update_it(void)
{
    struct abp_loop *loop = open_loop(NULL);
    struct abp_event event;
    void *const udata[] = {&tag_a, &tag_b, NULL, &tag_a};

    for (int i = 0; i < 4; i++) {
        abp_loop_set_wake_udata(loop, udata[i]);
        CHECK_INT(0, abp_loop_wake(loop));
        CHECK_INT(1, abp_loop_wait(loop, &event, 1, 0));
        CHECK_PTR(udata[i], event.udata);
    }
}

static void full_wake_channel_is_an_error_or_loses_the_wake(void)
{
    struct abp_loop *loop = open_loop(NULL);
    uint64_t most = UINT64_MAX - 1;

    if (loop->wake_fd < 0)
        SKIP("this backend's wake channel has no counter");
    CHECK_INT(8, write(loop->wake_fd, &most, sizeof most));
    CHECK_INT(-1, write(loop->wake_fd, &(uint64_t){1}, sizeof most));
    CHECK_INT(EAGAIN, errno);
    errno = 0;
    CHECK_INT(0, abp_loop_wake(loop));
    CHECK_INT(0, errno);
    struct abp_event event;
    CHECK_INT(1, abp_loop_wait(loop, &event, 1, 0));
    CHECK(event.wake);
    CHECK_INT(0, abp_loop_wait(loop, &event, 1, 0));
    /* A thread that wakes may be overtaken between its flag and its write: no second event. */
    CHECK_INT(8, write(loop->wake_fd, &(uint64_t){1}, 8));
    CHECK_INT(0, abp_loop_wait(loop, &event, 1, 0));
}

/* ---- wakes in a flood ---- */

struct sender {
    pthread_t thread;
    struct abp_loop *loop;
    long n_wakes;
    long posted; /* atomic */
    char apart[64];
};

static void *send_wakes(void *argument)
{
    struct sender *sender = argument;

    for (long i = 0; i < sender->n_wakes; i++) {
        __atomic_store_n(&sender->posted, i + 1, __ATOMIC_RELAXED);
        if (abp_loop_wake(sender->loop) != 0)
            break;
    }
    return NULL;
}

/* Each thread counts, then wakes. If a wake is lost, the loop sleeps while a count is out. */
static void flood_of_wakes_loses_one(void)
{
    static struct sender senders[N_THREADS];
    struct abp_loop *loop = open_loop(NULL);
    const char *wanted = getenv("ABP_TEST_WAKES");
    long n_wakes = (wanted != NULL ? atol(wanted) : 10000000) / N_THREADS, seen = 0;
    int result = 1;

    for (int i = 0; i < N_THREADS; i++) {
        senders[i] = (struct sender){.loop = loop, .n_wakes = n_wakes};
        CHECK_INT(0, pthread_create(&senders[i].thread, NULL, send_wakes, &senders[i]));
    }
    struct abp_event event;
    while (seen < n_wakes * N_THREADS && result == 1) {
        result = abp_loop_wait(loop, &event, 1, LOST_MS);
        seen = 0;
        for (int i = 0; i < N_THREADS; i++)
            seen += __atomic_load_n(&senders[i].posted, __ATOMIC_RELAXED);
    }
    for (int i = 0; i < N_THREADS; i++)
        (void)pthread_join(senders[i].thread, NULL);
    CHECK_INT(1, result);
    CHECK_INT(n_wakes * N_THREADS, seen);
    CHECK_BETWEEN(0, 1, abp_loop_wait(loop, &event, 1, 0)); /* of a count that was seen early */
    CHECK_INT(0, abp_loop_wait(loop, &event, 1, 0));
}

struct letter {
    struct abp_loop *loop;
    int text;  /* plain memory: the wake must order it */
    int taken; /* atomic */
};

static void *write_letters(void *argument)
{
    struct letter *letter = argument;

    for (int i = 1; i <= 2000; i++) {
        letter->text = i;
        (void)abp_loop_wake(letter->loop);
        while (__atomic_load_n(&letter->taken, __ATOMIC_ACQUIRE) != i)
            (void)poll(NULL, 0, 0);
    }
    return NULL;
}

static void memory_written_before_a_wake_is_not_visible_after(void)
{
    struct letter letter = {.loop = open_loop(NULL)};
    pthread_t thread;

    CHECK_INT(0, pthread_create(&thread, NULL, write_letters, &letter));
    struct abp_event event;
    for (int i = 1; i <= 2000; i++) {
        int result = abp_loop_wait(letter.loop, &event, 1, LOST_MS);
        int text = letter.text;
        __atomic_store_n(&letter.taken, i, __ATOMIC_RELEASE);
        CHECK_INT(1, result);
        CHECK_INT(i, text);
    }
    (void)pthread_join(thread, NULL);
}

/* ---- wakes from a signal handler ---- */

static struct abp_loop *handled;

static void wake_in_handler(int number)
{
    (void)number;
    (void)abp_loop_wake(handled);
}

static void wake_from_a_signal_handler_is_lost(void)
{
    struct sigaction action = {.sa_handler = wake_in_handler};

    handled = open_loop(NULL);
    CHECK_INT(0, sigaction(SIGUSR2, &action, NULL));
    CHECK_INT(0, raise(SIGUSR2));
    struct abp_event event;
    CHECK_INT(1, abp_loop_wait(handled, &event, 1, -1));
    CHECK(event.wake);
}

static const struct test tests[] = {
    TEST(wakes_are_lost_doubled_or_without_udata),           /* L10 */
    TEST(wake_does_not_end_a_wait_that_blocks),              /* L11 */
    TEST(wake_before_anybody_waited_or_registered_is_lost),  /* L17 */
    TEST(wake_of_a_cancelled_thread_ends_all_wakes),         /* L10, L16 */
    TEST(setting_wake_udata_again_does_not_update_it),       /* L18 */
    TEST(full_wake_channel_is_an_error_or_loses_the_wake),   /* L16 */
    TEST(flood_of_wakes_loses_one),                          /* L10, L16 */
    TEST(memory_written_before_a_wake_is_not_visible_after), /* L10 */
    TEST(wake_from_a_signal_handler_is_lost),                /* L10 */
};

const struct test_list wake_tests = {tests, sizeof tests / sizeof tests[0]};
