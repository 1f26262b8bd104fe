/* The contract about a file that outlives its number: it stays in the queue of epoll, is reported
 * for ever, and no call can name it, so that the loop makes its queue anew. What must not be lost
 * or gained by that. kqueue has no such files, and must pass as well.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <time.h>

#include "contract.h"

static char tag_a, tag_b;

/* Watches a file, and leaves it in the queue, readable, under a number that is free; returns that.
 */
static int leave_behind(struct abp_loop *loop)
{
    int fds[2];

    make_pair(fds);
    (void)keep(dup(fds[0]));
    CHECK_INT(0, abp_loop_add_read(loop, fds[0], &tag_a));
    send_bytes(fds[1], "x");
    CHECK_INT(0, close(fds[0]));
    CHECK_INT(0, abp_loop_del_read(loop, fds[0])); /* too late */
    return fds[0];
}

/* The wait must sleep: what it costs is measured by what the process used. */
static void file_that_outlives_its_number_keeps_the_wait_busy(void)
{
    struct abp_loop *loop = open_loop(NULL);
    int others[2];

    make_pair(others);
    CHECK_INT(0, abp_loop_add_read(loop, others[0], &tag_b));
    int old = leave_behind(loop);
    CHECK_INT(0, abp_loop_wake(loop));
    int queue = abp_loop_fd(loop), before = count_fds();
    struct abp_event events[4];
    CHECK_INT(1, abp_loop_wait(loop, events, 1, -1)); /* the wake has not gone with the clearing */
    CHECK(events[0].wake);
    clock_t begin = clock();
    CHECK_INT(0, abp_loop_wait(loop, events, 1, 300));
    CHECK_BETWEEN(0, CLOCKS_PER_SEC / 10, clock() - begin);
    CHECK_INT(queue, abp_loop_fd(loop));
    CHECK_INT(FD_CLOEXEC, fcntl(queue, F_GETFD));
    CHECK_INT(before, count_fds());
    send_bytes(others[1], "x"); /* what is registered has stayed so, and so has the wake channel */
    CHECK_INT(0, abp_loop_wake(loop));
    CHECK_INT(2, abp_loop_wait(loop, events, 4, 0));
    CHECK(events[0].wake != events[1].wake);
    if (kernel_mask(loop, old) != -2)
        CHECK_INT(-1, kernel_mask(loop, old));
}

/* Another number is a new file's by now, which nobody has added. */
static void check_renewal_beside_reuse(bool is_shared)
{
    struct abp_loop *loop = open_loop(NULL);
    int gone[2], new[2];

    make_pair(gone);
    make_pair(new);
    CHECK_INT(0, is_shared ? abp_loop_add_read_shared(loop, gone[0], &tag_b)
                           : abp_loop_add_read(loop, gone[0], &tag_b));
    send_bytes(gone[1], "x");
    struct abp_event events[4];
    CHECK_INT(1, abp_loop_wait(loop, events, 4, 0));
    CHECK_INT(gone[0], dup2(new[0], gone[0]));
    send_bytes(new[1], "x");
    (void)leave_behind(loop);
    for (int i = 0; i < 3; i++)
        CHECK_INT(0, abp_loop_wait(loop, events + 1, 3, 0));
    if (!BACKEND_IS_KQUEUE) /* which is not notified, and does not ask */
        CHECK(!abp_loop_still_ready(loop, &events[0]));
    CHECK_INT(0, abp_loop_add_read(loop, gone[0], &tag_a));
    CHECK_INT(1, abp_loop_wait(loop, events, 4, 0));
    CHECK_PTR(&tag_a, events[0].udata);
}

static void renewed_queue_watches_what_was_never_added(void)
{
    check_renewal_beside_reuse(false);
    reset();
    check_renewal_beside_reuse(true);
}

/* A file that outlives its number keeps the queue busy until it was made anew, for which a
 * descriptor is needed. Without one, what is left must still come. */
static void no_descriptor_to_renew_the_queue_loses_events(void)
{
    struct abp_loop *loop = open_loop(NULL);
    int others[2];

    make_pair(others);
    CHECK_INT(0, abp_loop_add_read(loop, others[0], &tag_b));
    (void)leave_behind(loop);
    int filler = keep(dup(others[1])), before = count_fds();
    set_room(0);
    int64_t begin = now_ms();
    struct abp_event events[4];
    int empty = abp_loop_wait(loop, events, 4, 30);
    int64_t took = now_ms() - begin;
    send_bytes(others[1], "x");
    int woken = abp_loop_wake(loop), full = abp_loop_wait(loop, events, 4, 5000);
    set_room(-1);
    CHECK_INT(0, empty);
    CHECK_BETWEEN(30, 5000, took);
    CHECK_INT(0, woken);
    CHECK_INT(2, full);
    CHECK(events[0].wake != events[1].wake);
    CHECK_PTR(&tag_b, events[events[0].wake].udata);
    CHECK_INT(before, count_fds());
    drop(filler);
    CHECK_INT(1, abp_loop_wait(loop, events, 4, 0)); /* and with one it is as it should be */
    CHECK_INT(1, drain(others[0]));
    clock_t used = clock();
    CHECK_INT(0, abp_loop_wait(loop, events, 4, 300));
    CHECK_BETWEEN(0, CLOCKS_PER_SEC / 10, clock() - used);
}

/* A number that became a regular file's cannot be added to the new queue, and must not hinder it.
 */
static void regular_file_keeps_the_wait_busy(void)
{
    struct abp_loop *loop = open_loop(NULL);
    int file = make_file(), fds[2];

    make_pair(fds);
    CHECK_INT(0, abp_loop_add_read(loop, fds[0], &tag_b));
    CHECK_INT(fds[0], dup2(file, fds[0]));
    (void)leave_behind(loop);
    clock_t begin = clock();
    struct abp_event event;
    CHECK_INT(0, abp_loop_wait(loop, &event, 1, 300));
    CHECK_BETWEEN(0, CLOCKS_PER_SEC / 10, clock() - begin);
}

static void loop_in_a_loop_is_lost_when_its_queue_is_renewed(void)
{
    int before = count_fds(), fds[2];
    struct abp_loop *inner = open_loop(NULL), outer;

    CHECK_INT(0, abp_loop_init(&outer, NULL));
    make_pair(fds);
    CHECK_INT(0, abp_loop_add_read(inner, fds[0], &tag_b));
    int fd = abp_loop_fd(inner), results[4];
    struct pollfd polled = {.fd = fd, .events = POLLIN};
    results[0] = abp_loop_add_read(&outer, fd, &tag_a);
    (void)leave_behind(inner);
    struct abp_event event;
    results[1] = abp_loop_wait(inner, &event, 1, 0);
    results[2] = abp_loop_wait(&outer, &event, 1, 0); /* nothing any more */
    send_bytes(fds[1], "x");
    results[3] = abp_loop_wait(&outer, &event, 1, 5000);
    abp_loop_close(&outer);
    CHECK_INT(0, results[0]);
    CHECK_INT(0, results[1]);
    CHECK_INT(0, results[2]);
    CHECK_INT(1, results[3]);
    CHECK_INT(1, poll(&polled, 1, 5000));
    CHECK_INT(fd, abp_loop_fd(inner));
    reset();
    CHECK_INT(before, count_fds());
}

/* In an array of one, what is over takes the place of what is ready. */
static void poll_misses_what_is_ready_behind_what_is_over(void)
{
    struct abp_loop *loop = open_loop(NULL);

    (void)leave_behind(loop);
    int fds[2];
    make_pair(fds);
    CHECK_INT(0, abp_loop_add_read(loop, fds[0], &tag_b));
    send_bytes(fds[1], "x");
    struct abp_event event;
    CHECK_INT(1, abp_loop_wait(loop, &event, 1, 0));
    CHECK_PTR(&tag_b, event.udata);
}

static const struct test tests[] = {
    TEST(file_that_outlives_its_number_keeps_the_wait_busy), /* L22, L27 */
    TEST(renewed_queue_watches_what_was_never_added),        /* L20, L22 */
    TEST(no_descriptor_to_renew_the_queue_loses_events),     /* L22 */
    TEST(regular_file_keeps_the_wait_busy),                  /* L20, L22 */
    TEST(loop_in_a_loop_is_lost_when_its_queue_is_renewed),  /* L22 */
    TEST(poll_misses_what_is_ready_behind_what_is_over),     /* L5, L22 */
};

const struct test_list renewal_tests = {tests, sizeof tests / sizeof tests[0]};
