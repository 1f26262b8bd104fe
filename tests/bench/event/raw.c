/* The least that a program can do with libc's epoll, against which the others are held. */
#include <stdint.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "contestant.h"

struct raw {
    int epfd;
    int wake_fd;
    struct watched wake;
};

static void control(struct raw *raw, int op, uint32_t events, struct watched *watched)
{
    struct epoll_event event = {.events = events, .data.ptr = watched};

    if (epoll_ctl(raw->epfd, op, watched->fd, &event) < 0)
        abort();
}

static void *raw_open(struct watched *watched, int n)
{
    struct raw *raw = calloc(1, sizeof *raw);

    raw->epfd = epoll_create1(EPOLL_CLOEXEC);
    raw->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    raw->wake.fd = raw->wake_fd;
    control(raw, EPOLL_CTL_ADD, EPOLLIN, &raw->wake);
    for (int i = 0; i < n; i++)
        control(raw, EPOLL_CTL_ADD, EPOLLIN, &watched[i]);
    return raw;
}

static void raw_close(void *state)
{
    struct raw *raw = state;

    close(raw->epfd);
    close(raw->wake_fd);
    free(raw);
}

static void raw_turn(void *state, int n_turns)
{
    struct raw *raw = state;
    struct epoll_event events[BATCH];

    for (int turn = 0; turn < n_turns; turn++) {
        int n = epoll_wait(raw->epfd, events, BATCH, -1);
        for (int i = 0; i < n; i++) {
            struct watched *watched = events[i].data.ptr;
            if (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR))
                watched->n_events++;
        }
    }
}

static void raw_churn(void *state, struct watched *watched, int n)
{
    for (int i = 0; i < n; i++) {
        control(state, EPOLL_CTL_ADD, EPOLLIN, watched);
        control(state, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT, watched);
        control(state, EPOLL_CTL_DEL, 0, watched);
    }
}

static void raw_wake(void *state)
{
    struct raw *raw = state;

    if (write(raw->wake_fd, &(uint64_t){1}, 8) != 8)
        abort();
}

static void raw_take_wakes(void *state)
{
    struct raw *raw = state;
    struct epoll_event event;
    uint64_t count;

    if (epoll_wait(raw->epfd, &event, 1, -1) != 1 || read(raw->wake_fd, &count, 8) != 8)
        abort();
}

const struct contestant raw_contestant = {"raw epoll", raw_open, raw_close,     raw_turn,
                                          raw_churn,   raw_wake, raw_take_wakes};
