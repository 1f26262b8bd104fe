/* libuv. Its changes reach the kernel in the next turn, so churn makes one after each. */
#include <stdlib.h>
#include <uv.h>

#include "contestant.h"

struct uv_state {
    uv_loop_t loop;
    uv_async_t async;
    uv_poll_t *polls;
    int n;
    int woken;
};

static void on_poll(uv_poll_t *poll, int status, int events)
{
    struct watched *watched = poll->data;

    if (status == 0 && (events & UV_READABLE))
        watched->n_events++;
}

static void on_async(uv_async_t *async)
{
    ((struct uv_state *)async->data)->woken = 1;
}

static void *peer_open(struct watched *watched, int n)
{
    struct uv_state *state = calloc(1, sizeof *state);

    state->n = n;
    state->polls = calloc((size_t)n + 1, sizeof *state->polls);
    if (uv_loop_init(&state->loop) != 0 ||
        uv_async_init(&state->loop, &state->async, on_async) != 0)
        abort();
    state->async.data = state;
    for (int i = 0; i < n; i++) {
        if (uv_poll_init(&state->loop, &state->polls[i], watched[i].fd) != 0)
            abort();
        state->polls[i].data = &watched[i];
        uv_poll_start(&state->polls[i], UV_READABLE, on_poll);
    }
    return state;
}

static void close_handle(uv_handle_t *handle, void *unused)
{
    (void)unused;
    if (!uv_is_closing(handle))
        uv_close(handle, NULL);
}

static void peer_close(void *pointer)
{
    struct uv_state *state = pointer;

    uv_walk(&state->loop, close_handle, NULL);
    uv_run(&state->loop, UV_RUN_DEFAULT);
    if (uv_loop_close(&state->loop) != 0)
        abort();
    free(state->polls);
    free(state);
}

static void peer_turn(void *pointer, int n_turns)
{
    struct uv_state *state = pointer;

    for (int turn = 0; turn < n_turns; turn++)
        uv_run(&state->loop, UV_RUN_ONCE);
}

static void peer_churn(void *pointer, struct watched *watched, int n)
{
    struct uv_state *state = pointer;
    uv_poll_t poll;

    if (uv_poll_init(&state->loop, &poll, watched->fd) != 0)
        abort();
    poll.data = watched;
    for (int i = 0; i < n; i++) {
        uv_poll_start(&poll, UV_READABLE, on_poll);
        uv_run(&state->loop, UV_RUN_NOWAIT);
        uv_poll_start(&poll, UV_READABLE | UV_WRITABLE, on_poll);
        uv_run(&state->loop, UV_RUN_NOWAIT);
        uv_poll_stop(&poll);
    }
    uv_close((uv_handle_t *)&poll, NULL);
    uv_run(&state->loop, UV_RUN_NOWAIT);
}

static void peer_wake(void *pointer)
{
    uv_async_send(&((struct uv_state *)pointer)->async);
}

static void peer_take_wakes(void *pointer)
{
    struct uv_state *state = pointer;

    while (!state->woken)
        uv_run(&state->loop, UV_RUN_ONCE);
    state->woken = 0;
}

const struct contestant uv_contestant = {"libuv",    peer_open, peer_close,     peer_turn,
                                         peer_churn, peer_wake, peer_take_wakes};
