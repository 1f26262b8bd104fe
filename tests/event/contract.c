/* The contract of the loop, statement by statement, against the backend that is linked. Each test
 * is named after what is broken when it fails. The other contract_*.c have those of one kind:
 * closed and reused descriptors, refusals, wakes, shared descriptors, cost, and kqueue itself.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#include "contract.h"

static char tag_a, tag_b, tag_c; /* addresses to be returned as udata */

static void init_leaves_queue_open_on_exec(void)
{
    struct abp_loop *loop = open_loop(NULL);

    CHECK(abp_loop_fd(loop) >= 0);
    CHECK_INT(FD_CLOEXEC, fcntl(abp_loop_fd(loop), F_GETFD));
    CHECK_INT(FD_CLOEXEC, fcntl(loop->queue_fd, F_GETFD));
    if (loop->wake_fd >= 0)
        CHECK_INT(FD_CLOEXEC, fcntl(loop->wake_fd, F_GETFD));
}

static void close_twice_breaks_or_leaks_descriptors(void)
{
    int fds[2];
    make_pair(fds);
    int before = count_fds();
    struct abp_loop *loop = open_loop(NULL);

    CHECK(count_fds() > before);
    send_bytes(fds[1], "x");
    CHECK_INT(0, abp_loop_add_read(loop, fds[0], NULL)); /* now there is a table, too */
    struct abp_event event;
    CHECK_INT(1, abp_loop_wait(loop, &event, 1, 0));
    CHECK(abp_loop_fd(loop) >= 0); /* a descriptor more, on Linux */
    for (int i = 0; i < 2; i++) {
        abp_loop_close(loop);
        CHECK_INT(-1, loop->queue_fd);
        CHECK_INT(-1, loop->wake_fd);
        CHECK_INT(-1, abp_loop_fd(loop));
        CHECK_INT(before, count_fds());
    }
    CHECK(!abp_loop_still_ready(loop, &event));
    CHECK_INT(0, abp_loop_del(loop, fds[0]));
    CHECK_INT(-EBADF, abp_loop_wait(loop, &event, 1, 0));
    CHECK_INT(-EBADF, abp_loop_add_read(loop, fds[0], NULL));
    for (int i = 0; i < 2; i++)
        CHECK_INT(-EBADF, abp_loop_wake(loop));
}

static void read_and_write_interest_disturb_each_other(void)
{
    struct abp_loop *loop = open_loop(NULL);
    struct abp_event events[2], *event = events; /* room for two where they come apart */
    int fds[2];

    make_pair(fds);
    send_bytes(fds[1], "x");
    CHECK_INT(0, abp_loop_add_read(loop, fds[0], &tag_a));
    CHECK_INT(1, abp_loop_wait(loop, events, 2, 0));
    CHECK(event->readable && !event->writable);
    CHECK_INT(0, abp_loop_add_write(loop, fds[0], &tag_a));
    CHECK_INT(1, abp_loop_wait(loop, events, 2, 0));
    CHECK(event->readable && event->writable);
    CHECK_INT(0, abp_loop_del_read(loop, fds[0]));
    CHECK_INT(1, abp_loop_wait(loop, events, 2, 0));
    CHECK(!event->readable && event->writable);
    CHECK_INT(0, abp_loop_add_read(loop, fds[0], &tag_a));
    CHECK_INT(0, abp_loop_del_write(loop, fds[0]));
    CHECK_INT(1, abp_loop_wait(loop, events, 2, 0));
    CHECK(event->readable && !event->writable);
    CHECK_INT(0, abp_loop_del_read(loop, fds[0]));
    CHECK_INT(0, abp_loop_wait(loop, events, 2, 0));
}

/* The kernel itself says what is registered: IN 1, OUT 4, ERR 8, HUP 10, RDHUP 2000 (hexadecimal).
 */
static void masks_in_the_kernel_are_not_composed(void)
{
    struct abp_loop *loop = open_loop(NULL);
    int fds[2];

    make_pair(fds);
    if (kernel_mask(loop, fds[0]) == -2)
        SKIP("no epoll queue, or no /proc");
    CHECK_INT(-1, kernel_mask(loop, fds[0]));
    CHECK_INT(0, abp_loop_add_write(loop, fds[0], NULL));
    CHECK_INT(0x1c, kernel_mask(loop, fds[0]));
    CHECK_INT(0, abp_loop_add_read(loop, fds[0], NULL));
    CHECK_INT(0x201d, kernel_mask(loop, fds[0]));
    CHECK_INT(0, abp_loop_del_write(loop, fds[0]));
    CHECK_INT(0x2019, kernel_mask(loop, fds[0]));
    CHECK_INT(0, abp_loop_del_read(loop, fds[0]));
    CHECK_INT(-1, kernel_mask(loop, fds[0]));
}

static void removing_what_is_not_watched_fails(void)
{
    struct abp_loop *loop = open_loop(NULL);
    int fds[2];

    make_pair(fds);
    CHECK_INT(0, abp_loop_del_read(loop, fds[0]));
    CHECK_INT(0, abp_loop_del_write(loop, fds[0]));
    CHECK_INT(0, abp_loop_del_read(loop, -1));
    CHECK_INT(0, abp_loop_del_read(loop, INT_MAX));
    send_bytes(fds[1], "x");
    CHECK_INT(0, abp_loop_add_read(loop, fds[0], NULL));
    CHECK_INT(0, abp_loop_del_write(loop, fds[0]));
    struct abp_event event;
    CHECK_INT(1, abp_loop_wait(loop, &event, 1, 0));
    CHECK(event.readable);
    CHECK_INT(0, abp_loop_del_read(loop, fds[0]));
    CHECK_INT(0, abp_loop_del_read(loop, fds[0]));
    CHECK_INT(0, abp_loop_wait(loop, &event, 1, 0));
}

static void removing_both_directions_leaves_one(void)
{
    struct abp_loop *loop = open_loop(NULL);
    int fds[2];

    make_pair(fds);
    send_bytes(fds[1], "x");
    CHECK_INT(0, abp_loop_del(loop, fds[0]));
    struct abp_event event;
    for (int which = 1; which < 4; which++) { /* reading, writing, both */
        CHECK_INT(0, (which & 1) != 0 ? abp_loop_add_read(loop, fds[0], NULL) : 0);
        CHECK_INT(0, (which & 2) != 0 ? abp_loop_add_write(loop, fds[0], NULL) : 0);
        CHECK_INT(1, abp_loop_wait(loop, &event, 1, 0));
        CHECK_INT(0, abp_loop_del(loop, fds[0]));
        CHECK(!abp_loop_still_ready(loop, &event));
        CHECK_INT(0, abp_loop_wait(loop, &event, 1, 0));
    }
}

static void half_close_is_not_eof_with_bytes_left(void)
{
    struct abp_loop *loop = open_loop(NULL);
    int fds[2];

    make_pair(fds);
    CHECK_INT(0, abp_loop_add_read(loop, fds[0], NULL));
    send_bytes(fds[1], "last");
    struct abp_event event;
    CHECK_INT(1, abp_loop_wait(loop, &event, 1, 0));
    CHECK(event.readable && !event.eof && !event.err);
    CHECK_INT(0, shutdown(fds[1], SHUT_WR));
    CHECK_INT(1, abp_loop_wait(loop, &event, 1, 0));
    CHECK(event.readable && event.eof && !event.err);
    CHECK_INT(4, drain(fds[0]));
    CHECK_INT(1, abp_loop_wait(loop, &event, 1, 0));
    CHECK(event.readable && event.eof);
    CHECK_INT(0, abp_loop_add_write(loop, fds[0], NULL)); /* that direction has no end */
    for (int i = 0; i < 4; i++) {
        struct abp_event events[2]; /* room for two where they come apart */
        CHECK_INT(1, abp_loop_wait(loop, events, 2, 0));
        CHECK(events[0].readable && events[0].writable && events[0].eof && !events[0].err);
    }
}

/* We send no more, and the other side may answer yet: drain, then close, would lose that. */
static void own_shutdown_is_the_end_of_the_other_side(void)
{
    struct abp_loop *loop = open_loop(NULL);
    int fds[2];

    make_pair(fds);
    CHECK_INT(0, abp_loop_add_read(loop, fds[0], NULL));
    CHECK_INT(0, abp_loop_add_write(loop, fds[0], NULL));
    CHECK_INT(0, shutdown(fds[0], SHUT_WR));
    struct abp_event events[2];
    for (int i = 0; i < 2; i++) {
        CHECK_INT(1, abp_loop_wait(loop, events, 2, 0));
        CHECK(events[0].writable && !events[0].eof);
        CHECK_INT(i == 1, events[0].readable);
        if (i == 0)
            send_bytes(fds[1], "answer");
    }
}

static void pipe_without_writer_is_not_eof(void)
{
    struct abp_loop *loop = open_loop(NULL);
    int fds[2];

    make_pipe(fds);
    CHECK_INT(0, abp_loop_add_read(loop, fds[0], NULL));
    struct abp_event event;
    CHECK_INT(0, abp_loop_wait(loop, &event, 1, 0));
    drop(fds[1]);
    CHECK_INT(1, abp_loop_wait(loop, &event, 1, 0));
    CHECK(event.readable && event.eof && !event.err);
}

static void pipe_without_reader_is_not_an_error_of_its_writer(void)
{
    struct abp_loop *loop = open_loop(NULL);
    int fds[2];

    make_pipe(fds);
    fill(fds[1]);
    CHECK_INT(0, abp_loop_add_write(loop, fds[1], NULL));
    struct abp_event event;
    CHECK_INT(0, abp_loop_wait(loop, &event, 1, 0));
    drop(fds[0]);
    CHECK_INT(1, abp_loop_wait(loop, &event, 1, 0));
    CHECK(event.writable && (event.err || event.eof));
}

static void reset_connection_is_not_an_error(void)
{
    struct abp_loop *loop = open_loop(NULL);
    struct linger at_once = {.l_onoff = 1};
    int listener = make_listener(), client = connect_to(listener);
    int server = keep(accept(listener, NULL, NULL));

    CHECK_INT(0, abp_loop_add_read(loop, client, NULL));
    CHECK_INT(0, setsockopt(server, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once));
    drop(server);
    struct abp_event event;
    CHECK_INT(1, abp_loop_wait(loop, &event, 1, 5000));
    CHECK(event.err && event.eof && event.readable);
}

static void event_lacks_fd_udata_or_flags(void)
{
    struct abp_loop *loop = open_loop(NULL);
    int fds[2];

    make_pair(fds);
    send_bytes(fds[1], "x");
    CHECK_INT(0, abp_loop_add_read(loop, fds[0], &tag_a));
    struct abp_event event;
    memset(&event, 0xff, sizeof event);
    CHECK_INT(1, abp_loop_wait(loop, &event, 1, 0));
    CHECK_INT(fds[0], event.fd);
    CHECK_PTR(&tag_a, event.udata);
    CHECK_PTR(NULL, event.write_udata);
    CHECK(event.readable && !event.writable && !event.eof && !event.err && !event.wake);
}

static void result_0_does_not_mean_that_time_is_over(void)
{
    struct abp_loop *loop = open_loop(NULL);
    int fds[2];

    make_pair(fds);
    CHECK_INT(0, abp_loop_add_read(loop, fds[0], NULL));
    struct abp_event event;
    CHECK_INT(0, abp_loop_wait(loop, &event, 1, 0));
    CHECK_INT(0, abp_loop_wait(loop, &event, 1, 3));
    send_bytes(fds[1], "x");
    CHECK_INT(1, abp_loop_wait(loop, &event, 1, -1));
    CHECK_INT(1, abp_loop_wait(loop, &event, 1, -1000));
}

static void readiness_not_consumed_is_forgotten(void)
{
    struct abp_loop *loop = open_loop(NULL);
    int fds[2];

    make_pair(fds);
    CHECK_INT(0, abp_loop_add_read(loop, fds[0], NULL));
    send_bytes(fds[1], "xyz");
    struct abp_event event;
    for (int i = 0; i < 3; i++)
        CHECK_INT(1, abp_loop_wait(loop, &event, 1, 0));
    CHECK_INT(3, drain(fds[0]));
    CHECK_INT(0, abp_loop_wait(loop, &event, 1, 0));
}

static void write_interest_does_not_follow_the_buffer(void)
{
    struct abp_loop *loop = open_loop(NULL);
    int fds[2];

    make_pair(fds);
    CHECK_INT(0, abp_loop_add_write(loop, fds[0], &tag_b));
    struct abp_event event;
    CHECK_INT(1, abp_loop_wait(loop, &event, 1, 0));
    CHECK(event.writable && !event.readable);
    CHECK_PTR(&tag_b, event.udata);
    CHECK_PTR(&tag_b, event.write_udata);
    fill(fds[0]);
    CHECK_INT(0, abp_loop_wait(loop, &event, 1, 0));
    CHECK(drain(fds[1]) > 0);
    CHECK_INT(1, abp_loop_wait(loop, &event, 1, 0));
    CHECK_INT(0, abp_loop_del_write(loop, fds[0]));
    CHECK_INT(0, abp_loop_wait(loop, &event, 1, 0));
}

static void batch_is_smaller_than_the_array(void)
{
    enum { N = 300 };
    static struct abp_event events[N + 1];
    static bool seen[4 * N];
    struct abp_loop *loop = open_loop(NULL);

    memset(seen, 0, sizeof seen);
    int fds[2];
    make_pair(fds);
    send_bytes(fds[1], "x");
    for (int i = 0; i < N; i++) {
        int fd = keep(dup(fds[0]));
        CHECK_INT(0, abp_loop_add_read(loop, fd, seen + fd));
    }
    memset(events, 0xff, sizeof events);
    CHECK_INT(N, abp_loop_wait(loop, events, N + 1, 0));
    for (int i = 0; i < N; i++) {
        CHECK_PTR(seen + events[i].fd, events[i].udata);
        CHECK_INT(false, seen[events[i].fd]);
        seen[events[i].fd] = true;
    }
    for (int cap = 1; cap <= N; cap += 37) { /* whatever the cap: nothing is written past it */
        memset(events, 0xff, sizeof events);
        CHECK_INT(cap, abp_loop_wait(loop, events, cap, 0));
        CHECK_INT(-1, events[cap].fd);
        CHECK_INT(UINT32_MAX, events[cap].generation);
    }
}

static void udata_of_one_direction_replaces_the_other(void)
{
    struct abp_loop *loop = open_loop(NULL);
    struct abp_event events[2], *event = events; /* room for two where they come apart */
    int fds[2];

    make_pair(fds);
    CHECK_INT(0, abp_loop_add_read(loop, fds[0], &tag_a));
    CHECK_INT(0, abp_loop_add_write(loop, fds[0], &tag_b));
    CHECK_INT(1, abp_loop_wait(loop, events, 2, 0));
    CHECK(event->writable && !event->readable);
    CHECK_PTR(&tag_b, event->udata);
    send_bytes(fds[1], "x");
    for (int i = 0; i < 4; i++) { /* in whatever order the kernel reports them */
        CHECK_INT(1, abp_loop_wait(loop, events, 2, 0));
        CHECK_PTR(&tag_a, event->udata);
        CHECK_PTR(&tag_b, event->write_udata);
    }
    CHECK_INT(0, abp_loop_add_read(loop, fds[0], &tag_c)); /* again: only udata changes */
    fill(fds[0]);
    CHECK_INT(1, abp_loop_wait(loop, events, 2, 0));
    CHECK_PTR(&tag_c, event->udata);
    CHECK_PTR(NULL, event->write_udata);
}

static void cap_of_0_looks_like_a_timeout(void)
{
    struct abp_loop *loop = open_loop(NULL);
    struct abp_event event;

    CHECK_INT(-EINVAL, abp_loop_wait(loop, &event, 0, 0));
    CHECK_INT(-EINVAL, abp_loop_wait(loop, &event, -1, -1));
}

static void nbytes_is_wrong_or_costs_a_call_unasked(void)
{
    struct abp_loop *loop = open_loop(NULL);
    int fds[2];

    make_pair(fds);
    CHECK_INT(0, abp_loop_add_read(loop, fds[0], NULL));
    send_bytes(fds[1], "12345");
    struct abp_event event;
    CHECK_INT(1, abp_loop_wait(loop, &event, 1, 0));
    CHECK_INT(BACKEND_IS_KQUEUE ? 5 : -1, event.nbytes);
    CHECK_INT(5, abp_event_nbytes(&event));
    CHECK_INT(0, abp_loop_del_read(loop, fds[0]));
    CHECK_INT(0, abp_loop_add_write(loop, fds[0], NULL));
    memset(&event, 0xff, sizeof event);
    CHECK_INT(1, abp_loop_wait(loop, &event, 1, 0)); /* of writing nobody knows it */
    CHECK_INT(-1, event.nbytes);
    CHECK_INT(5, abp_event_nbytes(&event));
    CHECK_INT(0, abp_loop_del_write(loop, fds[0]));
    CHECK_INT(0, abp_loop_wake(loop));
    CHECK_INT(5, drain(fds[0]));
    CHECK_INT(1, abp_loop_wait(loop, &event, 1, 0));
    CHECK(event.wake);
    CHECK_INT(-EINVAL, abp_event_nbytes(&event));
}

static void one_descriptor_gives_two_events(void)
{
    struct abp_loop *loop = open_loop(NULL);
    int fds[2], others[2];

    make_pair(fds);
    make_pair(others);
    for (int i = 0; i < 2; i++) {
        int fd = i == 0 ? fds[0] : others[0];
        send_bytes(i == 0 ? fds[1] : others[1], "x");
        CHECK_INT(0, abp_loop_add_write(loop, fd, NULL));
        CHECK_INT(0, abp_loop_add_read(loop, fd, NULL));
    }
    struct abp_event events[4];
    CHECK_INT(2, abp_loop_wait(loop, events, 4, 0));
    CHECK(events[0].fd != events[1].fd);
    for (int i = 0; i < 2; i++)
        CHECK(events[i].readable && events[i].writable);
}

static const struct test tests[] = {
    TEST(init_leaves_queue_open_on_exec),                    /* L1 */
    TEST(close_twice_breaks_or_leaks_descriptors),           /* L1 */
    TEST(read_and_write_interest_disturb_each_other),        /* L2 */
    TEST(masks_in_the_kernel_are_not_composed),              /* L2, L3 */
    TEST(removing_what_is_not_watched_fails),                /* L2 */
    TEST(removing_both_directions_leaves_one),               /* L2 */
    TEST(half_close_is_not_eof_with_bytes_left),             /* L3 */
    TEST(own_shutdown_is_the_end_of_the_other_side),         /* L3 */
    TEST(pipe_without_writer_is_not_eof),                    /* L3 */
    TEST(pipe_without_reader_is_not_an_error_of_its_writer), /* L3 */
    TEST(reset_connection_is_not_an_error),                  /* L3 */
    TEST(event_lacks_fd_udata_or_flags),                     /* L4 */
    TEST(result_0_does_not_mean_that_time_is_over),          /* L5 */
    TEST(readiness_not_consumed_is_forgotten),               /* L8 */
    TEST(write_interest_does_not_follow_the_buffer),         /* L9 */
    TEST(batch_is_smaller_than_the_array),                   /* L15 */
    TEST(udata_of_one_direction_replaces_the_other),         /* L19 */
    TEST(cap_of_0_looks_like_a_timeout),                     /* L24 */
    TEST(nbytes_is_wrong_or_costs_a_call_unasked),           /* L25 */
    TEST(one_descriptor_gives_two_events),                   /* L26 */
};

const struct test_list contract_tests = {tests, sizeof tests / sizeof tests[0]};
