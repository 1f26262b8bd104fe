/* What kqueue(2) promises, by the raw bindings and abp_kqueue.h: on macOS and the BSDs of the
 * kernel, whose promises backend_kqueue.c builds on, and on Linux of tests/event/userland_kqueue,
 * which stands in for one. With epoll there is nothing here.
 *
 * Source: kqueue(2), and where the pages of the four systems are silent or differ, what their
 * kernels have in common: close forgets a number whatever else has the file open, EV_CLEAR comes
 * back in flags, a listener counts the connections that wait, filters take turns in an array of
 * one.
 */
#include <errno.h>
#include <poll.h>
#include <sys/socket.h>

#include "contract.h"

#if BACKEND_IS_KQUEUE

#include "abp_kqueue.h"

static char tag_a, tag_b;

static const struct raw_timespec at_once = {.tv_sec = 0};

static int open_queue(void)
{
    return keep(abp_kq_create());
}

static struct raw_kevent change_of(int fd, int filter, unsigned flags)
{
    return abp_kev_change((uintptr_t)fd, filter, flags, 0, &tag_a);
}

static int make_change(int queue, int fd, int filter, unsigned flags)
{
    struct raw_kevent change = change_of(fd, filter, flags);

    return abp_kq_apply(queue, &change, 1);
}

/* A timer's change, in milliseconds; the bindings' helper has no data. */
static int set_timer(int queue, int ident, unsigned flags, int ms)
{
    struct raw_kevent change = abp_kev_change((uintptr_t)ident, RAW_EVFILT_TIMER, flags, 0, &tag_b);

    change.data = ms;
    return abp_kq_apply(queue, &change, 1);
}

static int trigger(int queue, int ident, unsigned fflags)
{
    struct raw_kevent change = abp_kev_change((uintptr_t)ident, RAW_EVFILT_USER, 0, fflags, &tag_a);

    return abp_kq_apply(queue, &change, 1);
}

/* ---- changes ---- */

static void failed_changes_come_out_of_order_or_with_events(void)
{
    int queue = open_queue(), fds[2];
    struct raw_kevent events[8];

    make_pair(fds);
    send_bytes(fds[1], "x");
    struct raw_kevent changes[] = {
        change_of(fds[0], RAW_EVFILT_READ, RAW_EV_ADD),
        abp_kev_change((uintptr_t)fds[0], RAW_EVFILT_WRITE, RAW_EV_DELETE, 0, &tag_b),
        abp_kev_change((uintptr_t)fds[1] + 50, RAW_EVFILT_READ, RAW_EV_ADD, 0, &tag_a),
        change_of(fds[1], RAW_EVFILT_WRITE, RAW_EV_ADD),
    };
    CHECK_INT(2, raw_kevent(queue, changes, 4, events, 8, NULL));
    CHECK((events[0].flags & RAW_EV_ERROR) != 0 && abp_kev_error(&events[0]));
    CHECK_INT(ENOENT, events[0].data);
    CHECK_INT(fds[0], events[0].ident);
    CHECK(events[0].filter == changes[1].filter);
    CHECK_PTR(&tag_b, events[0].udata);
    CHECK((events[1].flags & RAW_EV_ERROR) != 0);
    CHECK_INT(EBADF, events[1].data);
    CHECK_INT(fds[1] + 50, events[1].ident);
    CHECK_PTR(&tag_a, events[1].udata);
    CHECK_INT(2, abp_kq_wait(queue, events, 8, 0)); /* the others were made */
}

/* Without room, the first error is that of the call. */
static void failed_change_without_room_is_not_reported(void)
{
    int queue = open_queue(), fds[2];
    struct raw_kevent event;

    make_pair(fds);
    struct raw_kevent changes[] = {change_of(fds[0], RAW_EVFILT_WRITE, RAW_EV_DELETE),
                                   change_of(-1, RAW_EVFILT_READ, RAW_EV_ADD)};
    CHECK_INT(-1, raw_kevent(queue, changes, 2, NULL, 0, NULL));
    CHECK_INT(ENOENT, errno);
    CHECK_INT(1, raw_kevent(queue, &changes[1], 1, &event, 1, NULL));
    CHECK_INT(EBADF, event.data);
    CHECK_INT(-EBADF, abp_kq_apply(-1, changes, 1));
}

static void receipts_are_missing_or_out_of_order(void)
{
    int queue = open_queue(), fds[2];
    struct raw_kevent events[3], list[3];

    make_pair(fds);
    send_bytes(fds[1], "x");
    list[0] = change_of(fds[0], RAW_EVFILT_READ, RAW_EV_ADD | RAW_EV_RECEIPT);
    list[1] = change_of(fds[0], RAW_EVFILT_WRITE, RAW_EV_DELETE | RAW_EV_RECEIPT);
    list[2] = change_of(fds[1], RAW_EVFILT_WRITE, RAW_EV_ADD | RAW_EV_RECEIPT);
    const int errors[] = {0, ENOENT, 0}, idents[] = {fds[0], fds[0], fds[1]};

    CHECK_INT(3, raw_kevent(queue, list, 3, list, 3, &at_once)); /* into the same array */
    for (int i = 0; i < 3; i++) {
        CHECK((list[i].flags & RAW_EV_ERROR) != 0);
        CHECK_INT(errors[i], list[i].data);
        CHECK_INT(idents[i], list[i].ident);
    }
    CHECK_INT(2, abp_kq_wait(queue, events, 3, 0)); /* nothing was taken with them */
}

static void change_of_nothing_succeeds(void)
{
    int queue = open_queue(), fds[2];

    make_pair(fds);
    CHECK_INT(-ENOENT, make_change(queue, fds[0], RAW_EVFILT_READ, 0));
    CHECK_INT(-ENOENT, make_change(queue, fds[0], RAW_EVFILT_READ, RAW_EV_ENABLE));
    CHECK_INT(-ENOENT, make_change(queue, fds[0], RAW_EVFILT_READ, RAW_EV_DISABLE));
    CHECK_INT(-ENOENT, make_change(queue, fds[0], RAW_EVFILT_READ, RAW_EV_DELETE));
    CHECK_INT(-ENOENT, make_change(queue, 7, RAW_EVFILT_TIMER, RAW_EV_DELETE));
    CHECK_INT(-ENOENT, trigger(queue, 7, RAW_NOTE_TRIGGER));
    CHECK_INT(-EINVAL, make_change(queue, fds[0], 99, RAW_EV_ADD));
}

static void adding_again_makes_a_second_event(void)
{
    int queue = open_queue(), fds[2];
    struct raw_kevent events[4], change;

    make_pair(fds);
    send_bytes(fds[1], "x");
    CHECK_INT(0, make_change(queue, fds[0], RAW_EVFILT_READ, RAW_EV_ADD));
    change = abp_kev_change((uintptr_t)fds[0], RAW_EVFILT_READ, RAW_EV_ADD, 0, &tag_b);
    CHECK_INT(0, abp_kq_apply(queue, &change, 1));
    CHECK_INT(1, abp_kq_wait(queue, events, 4, 0));
    CHECK_PTR(&tag_b, events[0].udata);
    CHECK_INT(0, make_change(queue, fds[0], RAW_EVFILT_WRITE, RAW_EV_ADD));
    CHECK_INT(2, abp_kq_wait(queue, events, 4, 0)); /* of the same descriptor: one a filter */
    CHECK_INT(0, make_change(queue, fds[0], RAW_EVFILT_READ, RAW_EV_DELETE));
    CHECK_INT(1, abp_kq_wait(queue, events, 4, 0));
    CHECK(abp_kev_writable(&events[0]));
}

/* ---- flags ---- */

static void disabled_filter_reports_or_stays_silent_when_enabled(void)
{
    int queue = open_queue(), fds[2];
    struct raw_kevent event;

    make_pair(fds);
    CHECK_INT(0, make_change(queue, fds[0], RAW_EVFILT_READ, RAW_EV_ADD | RAW_EV_DISABLE));
    send_bytes(fds[1], "x");
    CHECK_INT(0, abp_kq_wait(queue, &event, 1, 0));
    for (int i = 0; i < 2; i++) {
        CHECK_INT(0, make_change(queue, fds[0], RAW_EVFILT_READ, RAW_EV_ENABLE));
        CHECK_INT(1, abp_kq_wait(queue, &event, 1, 0));
        CHECK_INT(1, event.data);
        CHECK_INT(0, make_change(queue, fds[0], RAW_EVFILT_READ, RAW_EV_DISABLE));
        CHECK_INT(0, abp_kq_wait(queue, &event, 1, 0));
    }
    CHECK_INT(0, make_change(queue, fds[0], RAW_EVFILT_READ, RAW_EV_DELETE)); /* it was there */
}

static void oneshot_is_reported_twice_or_stays(void)
{
    int queue = open_queue(), fds[2];
    struct raw_kevent event;

    make_pair(fds);
    CHECK_INT(0, make_change(queue, fds[0], RAW_EVFILT_READ, RAW_EV_ADD | RAW_EV_ONESHOT));
    CHECK_INT(0, abp_kq_wait(queue, &event, 1, 0)); /* and stays until something is reported */
    send_bytes(fds[1], "x");
    CHECK_INT(1, abp_kq_wait(queue, &event, 1, 0));
    CHECK_INT(fds[0], event.ident);
    send_bytes(fds[1], "x");
    CHECK_INT(0, abp_kq_wait(queue, &event, 1, 0));
    CHECK_INT(-ENOENT, make_change(queue, fds[0], RAW_EVFILT_READ, RAW_EV_DELETE));
}

static void dispatched_filter_reports_twice_or_is_gone(void)
{
    int queue = open_queue(), fds[2];
    struct raw_kevent event;

    make_pair(fds);
    CHECK_INT(0, make_change(queue, fds[0], RAW_EVFILT_READ, RAW_EV_ADD | RAW_EV_DISPATCH));
    send_bytes(fds[1], "x");
    for (int i = 0; i < 2; i++) {
        CHECK_INT(1, abp_kq_wait(queue, &event, 1, 0));
        CHECK_INT(0, abp_kq_wait(queue, &event, 1, 0));
        CHECK_INT(0, make_change(queue, fds[0], RAW_EVFILT_READ, RAW_EV_ENABLE | RAW_EV_DISPATCH));
    }
    CHECK_INT(0, make_change(queue, fds[0], RAW_EVFILT_READ, RAW_EV_DELETE));
}

static void cleared_filter_reports_the_same_again(void)
{
    int queue = open_queue(), fds[2];
    struct raw_kevent event;

    make_pair(fds);
    CHECK_INT(0, make_change(queue, fds[0], RAW_EVFILT_READ, RAW_EV_ADD | RAW_EV_CLEAR));
    for (int i = 1; i < 4; i++) {
        send_bytes(fds[1], "x");
        CHECK_INT(1, abp_kq_wait(queue, &event, 1, 0));
        CHECK_INT(i, event.data); /* all that is there, not what is new */
        CHECK((event.flags & RAW_EV_CLEAR) != 0);
        CHECK_INT(0, abp_kq_wait(queue, &event, 1, 0));
    }
}

/* ---- EVFILT_READ, EVFILT_WRITE ---- */

static void data_is_not_what_can_be_read_or_written(void)
{
    int queue = open_queue(), fds[2], pipes[2];
    struct raw_kevent event;

    make_pair(fds);
    make_pipe(pipes);
    for (int i = 0; i < 2; i++) {
        int from = i == 0 ? fds[0] : pipes[0], into = i == 0 ? fds[1] : pipes[1];
        CHECK_INT(0, make_change(queue, from, RAW_EVFILT_READ, RAW_EV_ADD));
        CHECK_INT(0, abp_kq_wait(queue, &event, 1, 0));
        send_bytes(into, "12345");
        CHECK_INT(1, abp_kq_wait(queue, &event, 1, 0));
        CHECK_INT(5, event.data);
        CHECK_INT(5, drain(from));
        CHECK_INT(0, abp_kq_wait(queue, &event, 1, 0)); /* it does not hold any more */
        CHECK_INT(0, make_change(queue, into, RAW_EVFILT_WRITE, RAW_EV_ADD));
        CHECK_INT(1, abp_kq_wait(queue, &event, 1, 0));
        CHECK_BETWEEN(1, INT32_MAX, event.data);
        int64_t room = event.data;
        send_bytes(into, "12345");
        CHECK_INT(0, make_change(queue, from, RAW_EVFILT_READ, RAW_EV_DELETE));
        CHECK_INT(1, abp_kq_wait(queue, &event, 1, 0));
        CHECK_BETWEEN(1, BACKEND_IS_EMULATED ? room : INT32_MAX, event.data); /* buffers may grow */
        fill(into);
        CHECK_INT(0, abp_kq_wait(queue, &event, 1, 0));
        CHECK_INT(0, make_change(queue, into, RAW_EVFILT_WRITE, RAW_EV_DELETE));
    }
}

static void listening_socket_does_not_count_connections(void)
{
    int queue = open_queue(), listener = make_listener();
    struct raw_kevent event;

    CHECK_INT(0, make_change(queue, listener, RAW_EVFILT_READ, RAW_EV_ADD));
    CHECK_INT(0, abp_kq_wait(queue, &event, 1, 0));
    for (int i = 1; i < 4; i++) {
        (void)connect_to(listener);
        int64_t end = now_ms() + 5000; /* it may be on its way yet */
        do {
            CHECK_INT(1, abp_kq_wait(queue, &event, 1, 5000));
        } while (event.data < i && now_ms() < end);
        CHECK_INT(i, event.data);
    }
}

static void end_comes_without_eof_or_without_the_bytes_before(void)
{
    int queue = open_queue(), fds[2];
    struct raw_kevent event;

    make_pair(fds);
    CHECK_INT(0, make_change(queue, fds[0], RAW_EVFILT_READ, RAW_EV_ADD));
    send_bytes(fds[1], "last");
    CHECK_INT(1, abp_kq_wait(queue, &event, 1, 0));
    CHECK(!abp_kev_eof(&event));
    CHECK_INT(0, shutdown(fds[1], SHUT_WR));
    for (int left = 4; left >= 0; left -= 4) {
        CHECK_INT(1, abp_kq_wait(queue, &event, 1, 0));
        CHECK(abp_kev_eof(&event) && !abp_kev_error(&event) && abp_kev_readable(&event));
        CHECK_INT(left, event.data);
        CHECK_INT(left, drain(fds[0]));
    }
    CHECK_INT(0, make_change(queue, fds[0], RAW_EVFILT_READ, RAW_EV_DELETE));
    CHECK_INT(0, make_change(queue, fds[0], RAW_EVFILT_WRITE, RAW_EV_ADD));
    CHECK_INT(1, abp_kq_wait(queue, &event, 1, 0));
    CHECK(!abp_kev_eof(&event)); /* the other direction is open */
    drop(fds[1]);
    CHECK_INT(1, abp_kq_wait(queue, &event, 1, 0));
    CHECK(abp_kev_eof(&event) && abp_kev_writable(&event));
}

static void own_shutdown_is_not_the_end_of_writing(void)
{
    int queue = open_queue(), fds[2];
    struct raw_kevent event;

    make_pair(fds);
    CHECK_INT(0, make_change(queue, fds[0], RAW_EVFILT_WRITE, RAW_EV_ADD));
    CHECK_INT(1, abp_kq_wait(queue, &event, 1, 0));
    CHECK(!abp_kev_eof(&event));
    CHECK_INT(0, shutdown(fds[0], SHUT_WR));
    CHECK_INT(1, abp_kq_wait(queue, &event, 1, 0));
    CHECK(abp_kev_eof(&event));
}

/* Whatever else has the file open. */
static void closed_descriptor_is_reported(void)
{
    int queue = open_queue(), fds[2];
    struct raw_kevent event;

    make_pair(fds);
    send_bytes(fds[1], "x");
    CHECK_INT(0, make_change(queue, fds[0], RAW_EVFILT_READ, RAW_EV_ADD));
    CHECK_INT(0, make_change(queue, fds[0], RAW_EVFILT_WRITE, RAW_EV_ADD));
    int copy = keep(dup(fds[0]));
    CHECK_INT(0, close(fds[0]));
    CHECK_INT(0, abp_kq_wait(queue, &event, 1, 0));
    CHECK_INT(fds[0], dup2(copy, fds[0]));
    CHECK_INT(0, abp_kq_wait(queue, &event, 1, 0));
    CHECK_INT(-ENOENT, make_change(queue, fds[0], RAW_EVFILT_READ, RAW_EV_DELETE));
}

/* ---- EVFILT_TIMER ---- */

static void periodic_timer_is_early_or_counts_wrongly(void)
{
    int queue = open_queue();
    struct raw_kevent event;
    int64_t begin = now_ms();

    CHECK_INT(0, set_timer(queue, 1, RAW_EV_ADD, 20));
    CHECK_INT(1, abp_kq_wait(queue, &event, 1, -1));
    CHECK_BETWEEN(19, 5000, now_ms() - begin);
    CHECK(event.filter == RAW_EVFILT_TIMER);
    CHECK_INT(1, event.ident);
    CHECK_PTR(&tag_b, event.udata);
    CHECK_BETWEEN(1, (now_ms() - begin) / 20 + 1, event.data);
    int64_t seen = event.data;
    for (int64_t end = now_ms() + 130; now_ms() < end;)
        (void)poll(NULL, 0, 10);
    CHECK_INT(1, abp_kq_wait(queue, &event, 1, 0)); /* one event for all that were missed */
    CHECK_BETWEEN(2, (now_ms() - begin) / 20 + 1, event.data + seen);
    CHECK_BETWEEN(2, INT32_MAX, event.data);
    CHECK_INT(1, abp_kq_wait(queue, &event, 1, 5000));
    CHECK_INT(0, set_timer(queue, 1, RAW_EV_DELETE, 0));
    CHECK_INT(0, abp_kq_wait(queue, &event, 1, 50));
}

static void oneshot_timer_fires_twice_or_stays(void)
{
    int queue = open_queue();
    struct raw_kevent event;

    CHECK_INT(0, set_timer(queue, 1, RAW_EV_ADD | RAW_EV_ONESHOT, 10));
    CHECK_INT(1, abp_kq_wait(queue, &event, 1, 5000));
    CHECK_INT(1, event.data);
    CHECK_INT(0, abp_kq_wait(queue, &event, 1, 40));
    CHECK_INT(-ENOENT, set_timer(queue, 1, RAW_EV_DELETE, 0));
}

static void timer_added_again_keeps_its_past(void)
{
    int queue = open_queue();
    struct raw_kevent events[2];

    CHECK_INT(0, set_timer(queue, 1, RAW_EV_ADD, 10));
    (void)poll(NULL, 0, 40); /* it has expired, and nobody saw it */
    CHECK_INT(0, set_timer(queue, 1, RAW_EV_ADD, 10000));
    CHECK_INT(0, abp_kq_wait(queue, events, 2, 30));
    CHECK_INT(0, set_timer(queue, 2, RAW_EV_ADD, 5)); /* another number, another timer */
    CHECK_INT(1, abp_kq_wait(queue, events, 2, 5000));
    CHECK_INT(2, events[0].ident);
}

static void unit_of_a_timer_is_not_heeded(void)
{
    int queue = open_queue();
    struct raw_kevent event, change;
    static const struct {
        unsigned unit;
        int data;
    } rows[] = {{RAW_NOTE_USECONDS, 30000}, {RAW_NOTE_NSECONDS, 30000000}};

    for (int i = 0; i < 2; i++) {
        change = abp_kev_change((uintptr_t)i, RAW_EVFILT_TIMER, RAW_EV_ADD | RAW_EV_ONESHOT,
                                rows[i].unit, NULL);
        change.data = rows[i].data;
        int64_t begin = now_ms();
        CHECK_INT(0, abp_kq_apply(queue, &change, 1));
        CHECK_INT(1, abp_kq_wait(queue, &event, 1, 10000));
        CHECK_BETWEEN(29, 5000, now_ms() - begin);
    }
    change =
        abp_kev_change(9, RAW_EVFILT_TIMER, RAW_EV_ADD | RAW_EV_ONESHOT, RAW_NOTE_SECONDS, NULL);
    change.data = 1000;
    CHECK_INT(0, abp_kq_apply(queue, &change, 1));
    CHECK_INT(0, abp_kq_wait(queue, &event, 1, 20));
}

/* ---- EVFILT_USER ---- */

static void user_event_comes_untriggered_or_loses_its_flags(void)
{
    int queue = open_queue();
    struct raw_kevent events[2];

    CHECK_INT(0, make_change(queue, 3, RAW_EVFILT_USER, RAW_EV_ADD | RAW_EV_CLEAR));
    CHECK_INT(0, make_change(queue, 4, RAW_EVFILT_USER, RAW_EV_ADD | RAW_EV_CLEAR));
    CHECK_INT(0, trigger(queue, 3, RAW_NOTE_FFOR | 0x5));
    CHECK_INT(0, abp_kq_wait(queue, events, 2, 0)); /* flags alone do not trigger */
    CHECK_INT(0, trigger(queue, 3, RAW_NOTE_TRIGGER));
    CHECK_INT(1, abp_kq_wait(queue, events, 2, 0));
    CHECK_INT(3, events[0].ident);
    CHECK_INT(0x5, events[0].fflags & RAW_NOTE_FFLAGSMASK);
    CHECK_PTR(&tag_a, events[0].udata);
    CHECK_INT(0, abp_kq_wait(queue, events, 2, 0)); /* EV_CLEAR */
    CHECK_INT(0, trigger(queue, 4, RAW_NOTE_FFCOPY | RAW_NOTE_TRIGGER | 0xff));
    CHECK_INT(0, trigger(queue, 4, RAW_NOTE_FFAND | 0x3c));
    CHECK_INT(0, trigger(queue, 4, RAW_NOTE_FFNOP | 0x1 | RAW_NOTE_TRIGGER));
    CHECK_INT(1, abp_kq_wait(queue, events, 2, 0)); /* twice triggered, once reported */
    CHECK_INT(4, events[0].ident);
    CHECK_INT(0x3c, events[0].fflags & RAW_NOTE_FFLAGSMASK);
}

static void user_event_without_clear_is_reported_once(void)
{
    int queue = open_queue();
    struct raw_kevent event;

    CHECK_INT(0, make_change(queue, 3, RAW_EVFILT_USER, RAW_EV_ADD));
    CHECK_INT(0, trigger(queue, 3, RAW_NOTE_TRIGGER));
    for (int i = 0; i < 3; i++)
        CHECK_INT(1, abp_kq_wait(queue, &event, 1, 0));
    CHECK_INT(0, make_change(queue, 3, RAW_EVFILT_USER, RAW_EV_DELETE));
    CHECK_INT(0, abp_kq_wait(queue, &event, 1, 0));
}

/* ---- waiting ---- */

static void call_without_room_waits(void)
{
    int queue = open_queue();
    struct raw_kevent event;
    struct raw_timespec wrong = {.tv_sec = 0, .tv_nsec = 1000000000};

    CHECK_INT(0, raw_kevent(queue, NULL, 0, NULL, 0, NULL)); /* for ever, says the NULL */
    CHECK_INT(-1, raw_kevent(queue, NULL, 0, &event, 1, &wrong));
    CHECK_INT(EINVAL, errno);
}

static void filter_is_starved_by_the_other_in_a_small_array(void)
{
    int queue = open_queue(), fds[2], seen[2] = {0, 0};
    struct raw_kevent event;

    make_pair(fds);
    send_bytes(fds[1], "x");
    CHECK_INT(0, make_change(queue, fds[0], RAW_EVFILT_READ, RAW_EV_ADD));
    CHECK_INT(0, make_change(queue, fds[0], RAW_EVFILT_WRITE, RAW_EV_ADD));
    for (int i = 0; i < 8; i++) {
        CHECK_INT(1, abp_kq_wait(queue, &event, 1, 0));
        seen[abp_kev_writable(&event)]++;
    }
    CHECK_BETWEEN(1, 7, seen[0]);
    CHECK_INT(8, seen[0] + seen[1]);
}

static const struct test tests[] = {
    TEST(failed_changes_come_out_of_order_or_with_events),
    TEST(failed_change_without_room_is_not_reported),
    TEST(receipts_are_missing_or_out_of_order),
    TEST(change_of_nothing_succeeds),
    TEST(adding_again_makes_a_second_event),
    TEST(disabled_filter_reports_or_stays_silent_when_enabled),
    TEST(oneshot_is_reported_twice_or_stays),
    TEST(dispatched_filter_reports_twice_or_is_gone),
    TEST(cleared_filter_reports_the_same_again),
    TEST(data_is_not_what_can_be_read_or_written),
    TEST(listening_socket_does_not_count_connections),
    TEST(end_comes_without_eof_or_without_the_bytes_before),
    TEST(own_shutdown_is_not_the_end_of_writing),
    TEST(closed_descriptor_is_reported),
    TEST(periodic_timer_is_early_or_counts_wrongly),
    TEST(oneshot_timer_fires_twice_or_stays),
    TEST(timer_added_again_keeps_its_past),
    TEST(unit_of_a_timer_is_not_heeded),
    TEST(user_event_comes_untriggered_or_loses_its_flags),
    TEST(user_event_without_clear_is_reported_once),
    TEST(call_without_room_waits),
    TEST(filter_is_starved_by_the_other_in_a_small_array),
};

const struct test_list kqueue_tests = {tests, sizeof tests / sizeof tests[0]};

#else

const struct test_list kqueue_tests = {NULL, 0};

#endif
