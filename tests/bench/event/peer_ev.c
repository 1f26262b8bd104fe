/* libev. Its changes reach the kernel in the next turn, so churn makes one after each. */
#include <ev.h>
#include <stdlib.h>

#include "contestant.h"

struct ev_state {
    struct ev_loop *loop;
    ev_async async;
    ev_io *polls;
    int n;
    int woken;
};

static void on_poll(struct ev_loop *loop, ev_io *poll, int events)
{
    struct watched *watched = poll->data;

    (void)loop;
    if (events & EV_READ)
        watched->n_events++;
}

static void on_async(struct ev_loop *loop, ev_async *async, int events)
{
    (void)loop;
    (void)events;
    ((struct ev_state *)async->data)->woken = 1;
}

/* ev_io_set is a macro that assigns a flag the compiler cannot follow. */
static void prepare(ev_io *poll, struct watched *watched, int events)
{
    ev_init(poll, on_poll);
    ev_io_set(poll, watched->fd, events);
    poll->data = watched;
}

static void *peer_open(struct watched *watched, int n)
{
    struct ev_state *state = calloc(1, sizeof *state);

    state->n = n;
    state->polls = calloc((size_t)n + 1, sizeof *state->polls);
    state->loop = ev_loop_new(EVBACKEND_EPOLL);
    if (state->loop == NULL)
        abort();
    ev_init(&state->async, on_async);
    state->async.data = state;
    ev_async_start(state->loop, &state->async);
    for (int i = 0; i < n; i++) {
        prepare(&state->polls[i], &watched[i], EV_READ);
        ev_io_start(state->loop, &state->polls[i]);
    }
    return state;
}

static void peer_close(void *pointer)
{
    struct ev_state *state = pointer;

    ev_loop_destroy(state->loop);
    free(state->polls);
    free(state);
}

static void peer_turn(void *pointer, int n_turns)
{
    struct ev_state *state = pointer;

    for (int turn = 0; turn < n_turns; turn++)
        ev_run(state->loop, EVRUN_ONCE);
}

static void peer_churn(void *pointer, struct watched *watched, int n)
{
    struct ev_state *state = pointer;
    ev_io poll;

    for (int i = 0; i < n; i++) {
        prepare(&poll, watched, EV_READ);
        ev_io_start(state->loop, &poll);
        ev_run(state->loop, EVRUN_NOWAIT);
        ev_io_stop(state->loop, &poll);
        prepare(&poll, watched, EV_READ | EV_WRITE);
        ev_io_start(state->loop, &poll);
        ev_run(state->loop, EVRUN_NOWAIT);
        ev_io_stop(state->loop, &poll);
        ev_run(state->loop, EVRUN_NOWAIT);
    }
}

static void peer_wake(void *pointer)
{
    struct ev_state *state = pointer;

    ev_async_send(state->loop, &state->async);
}

static void peer_take_wakes(void *pointer)
{
    struct ev_state *state = pointer;

    while (!state->woken)
        ev_run(state->loop, EVRUN_ONCE);
    state->woken = 0;
}

const struct contestant ev_contestant = {"libev",    peer_open, peer_close,     peer_turn,
                                         peer_churn, peer_wake, peer_take_wakes};
