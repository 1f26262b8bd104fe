/* The contract about descriptors that are closed, shared by dup, or used anew: where what the loop
 * believes and what the kernel has can part.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <time.h>

#include "contract.h"

static char tag_a, tag_b;

/* Makes `fd` the number of another open file; what it was is closed. */
static void replace(int fd, int by)
{
    CHECK_INT(fd, dup2(by, fd));
}

static void number_used_anew_cannot_be_added(void)
{
    struct abp_loop *loop = open_loop(NULL);
    int old[2], new[2];

    make_pair(old);
    make_pair(new);
    CHECK_INT(0, abp_loop_add_read(loop, old[0], &tag_a));
    CHECK_INT(0, abp_loop_add_write(loop, old[0], &tag_a));
    replace(old[0], new[0]); /* closed without removal; the number is another socket's */
    CHECK_INT(0, abp_loop_add_read(loop, old[0], &tag_b));
    struct abp_event event;
    CHECK_INT(0, abp_loop_wait(loop, &event, 1, 0)); /* the write interest went with the old file */
    send_bytes(new[1], "x");
    CHECK_INT(1, abp_loop_wait(loop, &event, 1, 0));
    CHECK(event.readable && !event.writable);
    CHECK_PTR(&tag_b, event.udata);
}

static void number_that_came_back_cannot_be_added(void)
{
    struct abp_loop *loop = open_loop(NULL);
    int fds[2];

    make_pair(fds);
    int copy = keep(dup(fds[0]));
    CHECK_INT(0, abp_loop_add_read(loop, fds[0], &tag_a));
    CHECK_INT(0, close(fds[0]));
    CHECK_INT(0,
              abp_loop_del_read(loop, fds[0])); /* too late: the kernel cannot name it any more */
    replace(fds[0], copy);                      /* the same open file under the same number */
    CHECK_INT(0, abp_loop_add_read(loop, fds[0], &tag_b));
    send_bytes(fds[1], "x");
    struct abp_event event;
    CHECK_INT(1, abp_loop_wait(loop, &event, 1, 0));
    CHECK_PTR(&tag_b, event.udata);
    CHECK_INT(0, abp_loop_del_read(loop, fds[0]));
    CHECK_INT(0, abp_loop_wait(loop, &event, 1, 0));
}

/* It may have been shared before, and may be now: epoll changes neither into the other. */
static void shared_number_that_came_back_cannot_be_added(void)
{
    for (int which = 0; which < 4; which++) {
        struct abp_loop *loop = open_loop(NULL);
        int fds[2];

        make_pair(fds);
        int copy = keep(dup(fds[0]));
        CHECK_INT(0, (which & 1) != 0 ? abp_loop_add_read_shared(loop, fds[0], &tag_a)
                                      : abp_loop_add_read(loop, fds[0], &tag_a));
        CHECK_INT(0, close(fds[0]));
        CHECK_INT(0, abp_loop_del_read(loop, fds[0])); /* too late */
        replace(fds[0], copy);
        CHECK_INT(0, (which & 2) != 0 ? abp_loop_add_read_shared(loop, fds[0], &tag_b)
                                      : abp_loop_add_read(loop, fds[0], &tag_b));
        send_bytes(fds[1], "x");
        struct abp_event event;
        CHECK_INT(1, abp_loop_wait(loop, &event, 1, 0));
        CHECK_PTR(&tag_b, event.udata);
        reset();
    }
}

/* What was watched is a regular file's number by now, which epoll refuses to watch. */
static void number_of_a_regular_file_cannot_be_removed(void)
{
    struct abp_loop *loop = open_loop(NULL);
    int file = make_file(), fds[2];

    make_pair(fds);
    CHECK_INT(0, abp_loop_add_read(loop, fds[0], &tag_a));
    CHECK_INT(0, abp_loop_add_write(loop, fds[0], &tag_a));
    replace(fds[0], file);
    CHECK_INT(0, abp_loop_del_write(loop, fds[0]));
    CHECK_INT(0, abp_loop_del(loop, fds[0]));
    struct abp_event event;
    CHECK_INT(0, abp_loop_wait(loop, &event, 1, 0));
}

static void removal_after_close_fails_or_takes_the_new_file(void)
{
    struct abp_loop *loop = open_loop(NULL);
    int old[2], new[2];

    make_pair(old);
    make_pair(new);
    CHECK_INT(0, abp_loop_add_read(loop, old[0], &tag_a));
    replace(old[0], new[0]);
    CHECK_INT(0, abp_loop_del_read(loop, old[0]));
    CHECK_INT(0, abp_loop_add_read(loop, old[0], &tag_b));
    send_bytes(new[1], "x");
    struct abp_event event;
    CHECK_INT(1, abp_loop_wait(loop, &event, 1, 0));
    CHECK_PTR(&tag_b, event.udata);
}

/* The old file lives on by a dup, is readable for ever, and no call can name it. */
static void file_that_outlives_its_number_is_reported_as_the_new_one(void)
{
    struct abp_loop *loop = open_loop(NULL);
    int old[2], new[2];

    make_pair(old);
    make_pair(new);
    (void)keep(dup(old[0]));
    CHECK_INT(0, abp_loop_add_read(loop, old[0], &tag_a));
    send_bytes(old[1], "x");
    replace(old[0], new[0]);
    CHECK_INT(0, abp_loop_add_read(loop, old[0], &tag_b));
    struct abp_event event;
    CHECK_INT(0, abp_loop_wait(loop, &event, 1, 20));
    send_bytes(new[1], "x");
    CHECK_INT(1, abp_loop_wait(loop, &event, 1, 0));
    CHECK_PTR(&tag_b, event.udata);
    CHECK_INT(1, abp_loop_wait(loop, &event, 1, 0)); /* and it still is when asked again */
}

/* The file lives on under another number, or in a child. What abp_event.h says of that: epoll goes
 * on reporting the closed number, kqueue does not; removal ends it. */
static void file_open_elsewhere_is_not_reported_as_documented(void)
{
    struct abp_loop *loop = open_loop(NULL);
    struct abp_event event;
    int fds[2], gate[2];

    for (int in_child = 0; in_child < 2; in_child++) {
        make_pair(fds);
        make_pipe(gate);
        CHECK_INT(0, abp_loop_add_read(loop, fds[0], &tag_a));
        pid_t child = -1;
        if (in_child) {
            child = fork();
            if (child == 0) { /* has it open until the gate closes */
                struct pollfd ends = {.fd = gate[0], .events = POLLIN};
                (void)close(gate[1]);
                _exit(poll(&ends, 1, 20000) == 1 ? 0 : 1);
            }
            CHECK(child > 0);
        } else {
            (void)keep(dup(fds[0]));
        }
        CHECK_INT(0, close(fds[0]));
        send_bytes(fds[1], "x");
        for (int i = 0; i < 2; i++) {
            CHECK_INT(BACKEND_IS_KQUEUE ? 0 : 1, abp_loop_wait(loop, &event, 1, 0));
            if (!BACKEND_IS_KQUEUE)
                CHECK_INT(fds[0], event.fd);
        }
        CHECK_INT(0, abp_loop_del(loop, fds[0]));
        CHECK_INT(0, abp_loop_wait(loop, &event, 1, 20));
        drop(gate[1]);
        if (in_child) {
            int status = -1;
            CHECK_INT(child, waitpid(child, &status, 0));
            CHECK_INT(0, status);
        }
    }
}

static void removal_before_close_leaves_a_dup_firing(void)
{
    struct abp_loop *loop = open_loop(NULL);
    int fds[2];

    make_pair(fds);
    (void)keep(dup(fds[0]));
    CHECK_INT(0, abp_loop_add_read(loop, fds[0], &tag_a));
    send_bytes(fds[1], "x");
    CHECK_INT(0, abp_loop_del_read(loop, fds[0]));
    drop(fds[0]);
    struct abp_event event;
    CHECK_INT(0, abp_loop_wait(loop, &event, 1, 20));
}

static void event_left_in_the_batch_survives_removal_or_reuse(void)
{
    struct abp_loop *loop = open_loop(NULL);
    int pairs[3][2], new[2];

    for (int i = 0; i < 3; i++) {
        make_pair(pairs[i]);
        send_bytes(pairs[i][1], "x");
        CHECK_INT(0, abp_loop_add_read(loop, pairs[i][0], &tag_a));
    }
    CHECK_INT(0, abp_loop_add_write(loop, pairs[2][0], &tag_a));
    make_pair(new);
    struct abp_event events[4];
    CHECK_INT(3, abp_loop_wait(loop, events, 4, 0));
    CHECK_INT(0, abp_loop_del_read(loop, pairs[0][0]));
    replace(pairs[1][0], new[0]); /* closed, and the number used anew */
    CHECK_INT(0, abp_loop_add_read(loop, pairs[1][0], &tag_b));
    CHECK_INT(0, abp_loop_del_read(loop, pairs[2][0])); /* writing is left */
    for (int i = 0; i < 3; i++) {
        bool is_half = events[i].fd == pairs[2][0];
        CHECK_INT(is_half, abp_loop_still_ready(loop, &events[i]));
        CHECK(!events[i].readable);
        CHECK_INT(is_half, events[i].writable);
    }
    CHECK_INT(0, abp_loop_del_write(loop, pairs[2][0]));
    CHECK_INT(0, abp_loop_wait(loop, events, 4, 0));
    send_bytes(new[1], "x");
    CHECK_INT(1, abp_loop_wait(loop, events, 4, 0));
    CHECK(abp_loop_still_ready(loop, &events[0]));
    CHECK(events[0].readable);
}

/* Added anew after a removal, it has another life; with another direction, it goes on in this. */
static void event_left_in_the_batch_outlives_or_dies_with_an_addition(void)
{
    struct abp_loop *loop = open_loop(NULL);
    int pairs[2][2];

    for (int i = 0; i < 2; i++) {
        make_pair(pairs[i]);
        send_bytes(pairs[i][1], "x");
        CHECK_INT(0, abp_loop_add_read(loop, pairs[i][0], &tag_a));
    }
    struct abp_event events[2];
    CHECK_INT(2, abp_loop_wait(loop, events, 2, 0));
    CHECK_INT(0, abp_loop_del_read(loop, pairs[0][0]));
    CHECK_INT(0, abp_loop_add_read(loop, pairs[0][0], &tag_b));
    CHECK_INT(0, abp_loop_add_write(loop, pairs[1][0], &tag_b));
    for (int i = 0; i < 2; i++)
        CHECK_INT(events[i].fd == pairs[1][0], abp_loop_still_ready(loop, &events[i]));
    CHECK_INT(2, abp_loop_wait(loop, events, 2, 0)); /* and nothing of it is lost */
}

/* The new file is watched in the other direction only. */
static void event_of_a_closed_file_holds_for_the_next_of_its_number(void)
{
    struct abp_loop *loop = open_loop(NULL);
    int old[2], new[2];

    make_pair(old);
    make_pair(new);
    send_bytes(old[1], "x");
    CHECK_INT(0, abp_loop_add_read(loop, old[0], &tag_a));
    struct abp_event event;
    CHECK_INT(1, abp_loop_wait(loop, &event, 1, 0));
    replace(old[0], new[0]);
    CHECK_INT(0, abp_loop_add_write(loop, old[0], &tag_b));
    CHECK(!abp_loop_still_ready(loop, &event));
    send_bytes(new[1], "x");
    CHECK_INT(1, abp_loop_wait(loop, &event, 1, 0));
    CHECK(event.writable && !event.readable);
}

/* A caller may have freed what it had attached. */
static void event_still_ready_has_udata_of_before(void)
{
    struct abp_loop *loop = open_loop(NULL);
    struct abp_event events[2], *event = events; /* room for two where they come apart */
    int fds[2];

    make_pair(fds);
    send_bytes(fds[1], "x");
    CHECK_INT(0, abp_loop_add_read(loop, fds[0], &tag_a));
    CHECK_INT(0, abp_loop_add_write(loop, fds[0], &tag_b));
    CHECK_INT(1, abp_loop_wait(loop, events, 2, 0));
    CHECK_INT(0, abp_loop_del_read(loop, fds[0]));
    CHECK(abp_loop_still_ready(loop, event));
    CHECK_PTR(&tag_b, event->udata);
    CHECK_PTR(&tag_b, event->write_udata);
    CHECK_INT(0, abp_loop_add_read(loop, fds[0], &tag_b));
    CHECK_INT(1, abp_loop_wait(loop, events, 2, 0));
    CHECK_INT(0, abp_loop_del_write(loop, fds[0]));
    CHECK(abp_loop_still_ready(loop, event));
    CHECK_PTR(NULL, event->write_udata);
    CHECK_INT(0, abp_loop_add_read(loop, fds[0], &tag_a)); /* replaced: dropped, or with the new */
    if (abp_loop_still_ready(loop, event))
        CHECK_PTR(&tag_a, event->udata);
}

static const struct test tests[] = {
    TEST(number_used_anew_cannot_be_added),                          /* L20 */
    TEST(number_that_came_back_cannot_be_added),                     /* L20 */
    TEST(shared_number_that_came_back_cannot_be_added),              /* L20 */
    TEST(number_of_a_regular_file_cannot_be_removed),                /* L20 */
    TEST(event_of_a_closed_file_holds_for_the_next_of_its_number),   /* L22 */
    TEST(event_still_ready_has_udata_of_before),                     /* L19, L22 */
    TEST(removal_after_close_fails_or_takes_the_new_file),           /* L20 */
    TEST(file_that_outlives_its_number_is_reported_as_the_new_one),  /* L22 */
    TEST(file_open_elsewhere_is_not_reported_as_documented),         /* L27 */
    TEST(removal_before_close_leaves_a_dup_firing),                  /* L27 */
    TEST(event_left_in_the_batch_survives_removal_or_reuse),         /* L22 */
    TEST(event_left_in_the_batch_outlives_or_dies_with_an_addition), /* L22 */
};

const struct test_list reuse_tests = {tests, sizeof tests / sizeof tests[0]};
