/* The thin layer below the loop, abp_epoll.h or abp_kqueue.h: waits that signals neither end nor
 * stretch, errors as -errno, predicates over one event.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>

#include "contract.h"

#if BACKEND_IS_KQUEUE

#include "abp_kqueue.h"

typedef struct raw_kevent native_event;

static int create(void)
{
    return abp_kq_create();
}

static int native_wait(int queue, native_event *events, int cap, int64_t timeout_ms)
{
    return abp_kq_wait(queue, events, cap, timeout_ms);
}

static int watch_reading(int queue, int fd)
{
    struct raw_kevent change = abp_kev_change((uintptr_t)fd, RAW_EVFILT_READ, RAW_EV_ADD, 0, NULL);

    return abp_kq_apply(queue, &change, 1);
}

static bool is_of(const native_event *event, int fd)
{
    return event->ident == (uintptr_t)fd && abp_kev_readable(event) && !abp_kev_writable(event);
}

static void predicates_report_wrong_directions_or_ends(void)
{
    struct raw_kevent event = abp_kev_change(5, RAW_EVFILT_READ, 0, 0, &event);

    CHECK_PTR(&event, event.udata);
    CHECK_INT(5, event.ident);
    CHECK(abp_kev_readable(&event) && !abp_kev_writable(&event));
    CHECK(!abp_kev_eof(&event) && !abp_kev_error(&event));
    event = abp_kev_change(5, RAW_EVFILT_WRITE, RAW_EV_EOF, ECONNRESET, NULL);
    CHECK(!abp_kev_readable(&event) && abp_kev_writable(&event));
    CHECK(abp_kev_eof(&event) && abp_kev_error(&event));
    event.fflags = 0;
    CHECK(abp_kev_eof(&event) && !abp_kev_error(&event));
    event = abp_kev_change(5, RAW_EVFILT_READ, RAW_EV_ERROR, 0, NULL);
    CHECK(!abp_kev_readable(&event) && !abp_kev_error(&event)); /* a receipt */
    event.data = ENOENT;
    CHECK(!abp_kev_readable(&event) && !abp_kev_eof(&event) && abp_kev_error(&event));
}

/* The first change is made, the second refused, the third not looked at. */
static void refused_change_is_not_reported_or_not_the_last(void)
{
    int queue = keep(create()), fds[2];
    native_event event;

    make_pair(fds);
    send_bytes(fds[1], "x");
    send_bytes(fds[0], "x");
    struct raw_kevent changes[] = {
        abp_kev_change((uintptr_t)fds[0], RAW_EVFILT_READ, RAW_EV_ADD, 0, NULL),
        abp_kev_change((uintptr_t)fds[0], RAW_EVFILT_WRITE, RAW_EV_DELETE, 0, NULL),
        abp_kev_change((uintptr_t)fds[1], RAW_EVFILT_READ, RAW_EV_ADD, 0, NULL),
    };
    CHECK_INT(-ENOENT, abp_kq_apply(queue, changes, 3));
    for (int i = 0; i < 3; i++) {
        CHECK_INT(1, native_wait(queue, &event, 1, 0));
        CHECK(is_of(&event, fds[0]));
    }
}

#else

#include "abp_epoll.h"

typedef struct raw_epoll_event native_event;

static int create(void)
{
    return abp_ep_create();
}

static int native_wait(int queue, native_event *events, int cap, int64_t timeout_ms)
{
    return abp_ep_wait(queue, events, cap, timeout_ms);
}

static int watch_reading(int queue, int fd)
{
    return abp_ep_ctl(queue, RAW_EPOLL_CTL_ADD, fd, RAW_EPOLLIN, 0x0123456789abcdef);
}

static bool is_of(const native_event *event, int fd)
{
    (void)fd;
    return raw_epoll_event_get_data(event) == 0x0123456789abcdef && abp_ep_readable(event) &&
           !abp_ep_writable(event);
}

static void predicates_report_wrong_directions_or_ends(void)
{
    static const struct {
        uint32_t events;
        bool readable, writable, eof, error;
    } rows[] = {
        {0, false, false, false, false},
        {RAW_EPOLLIN, true, false, false, false},
        {RAW_EPOLLOUT, false, true, false, false},
        {RAW_EPOLLIN | RAW_EPOLLRDHUP, true, false, true, false},
        {RAW_EPOLLHUP, true, true, true, false},
        {RAW_EPOLLERR, true, true, false, true},
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct raw_epoll_event event = {.events = rows[i].events};
        CHECK_INT(rows[i].readable, abp_ep_readable(&event));
        CHECK_INT(rows[i].writable, abp_ep_writable(&event));
        CHECK_INT(rows[i].eof, abp_ep_eof(&event));
        CHECK_INT(rows[i].error, abp_ep_error(&event));
    }
}

static void refused_change_is_not_reported_or_not_the_last(void)
{
    int queue = keep(create()), fds[2];

    make_pair(fds);
    CHECK_INT(-ENOENT, abp_ep_ctl(queue, RAW_EPOLL_CTL_MOD, fds[0], RAW_EPOLLIN, 0));
    CHECK_INT(-EBADF, abp_ep_ctl(queue, RAW_EPOLL_CTL_ADD, -1, RAW_EPOLLIN, 0));
    CHECK_INT(-EINVAL, abp_ep_ctl(queue, 99, fds[0], RAW_EPOLLIN, 0));
    CHECK_INT(0, abp_ep_ctl(queue, RAW_EPOLL_CTL_ADD, fds[0], RAW_EPOLLIN, 0));
    CHECK_INT(-EEXIST, abp_ep_ctl(queue, RAW_EPOLL_CTL_ADD, fds[0], RAW_EPOLLIN, 0));
    CHECK_INT(0, abp_ep_ctl(queue, RAW_EPOLL_CTL_DEL, fds[0], 0, 0));
}

#endif

static void queue_made_by_hand_is_open_on_exec_or_blind(void)
{
    int queue = keep(create()), fds[2];

    CHECK_INT(FD_CLOEXEC, fcntl(queue, F_GETFD));
    make_pair(fds);
    CHECK_INT(0, watch_reading(queue, fds[0]));
    native_event events[2];
    CHECK_INT(0, native_wait(queue, events, 2, 0));
    send_bytes(fds[1], "x");
    CHECK_INT(1, native_wait(queue, events, 2, -1));
    CHECK(is_of(&events[0], fds[0]));
    CHECK_INT(1, native_wait(queue, events, 2, INT64_MAX));
    CHECK_INT(-EINVAL, native_wait(queue, events, 0, 0));
    CHECK(native_wait(-1, events, 2, 0) == -EBADF);
}

static void signals_surface_in_or_stretch_a_bare_wait(void)
{
    int queue = keep(create());

    storm(500);
    int64_t begin = now_ms();
    native_event event;
    CHECK_INT(0, native_wait(queue, &event, 1, 100));
    int64_t took = now_ms() - begin;
    CHECK_BETWEEN(3, UINT_MAX, n_signals());
    CHECK_BETWEEN(100, 5000, took);
}

static const struct test tests[] = {
    TEST(predicates_report_wrong_directions_or_ends),
    TEST(refused_change_is_not_reported_or_not_the_last),
    TEST(queue_made_by_hand_is_open_on_exec_or_blind),
    TEST(signals_surface_in_or_stretch_a_bare_wait),
};

const struct test_list call_tests = {tests, sizeof tests / sizeof tests[0]};
