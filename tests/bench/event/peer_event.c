/* libevent, without its locks: wakes are not measured. */
#include <event2/event.h>
#include <stdlib.h>

#include "contestant.h"

struct event_state {
    struct event_base *base;
    struct event **polls;
    int n;
};

static void on_poll(evutil_socket_t fd, short events, void *argument)
{
    struct watched *watched = argument;

    (void)fd;
    if (events & EV_READ)
        watched->n_events++;
}

static struct event *start(struct event_state *state, struct watched *watched, int events)
{
    struct event *event =
        event_new(state->base, watched->fd, (short)(events | EV_PERSIST), on_poll, watched);

    if (event == NULL || event_add(event, NULL) != 0)
        abort();
    return event;
}

static void *peer_open(struct watched *watched, int n)
{
    struct event_state *state = calloc(1, sizeof *state);

    state->n = n;
    state->polls = calloc((size_t)n + 1, sizeof(struct event *));
    state->base = event_base_new();
    for (int i = 0; i < n; i++)
        state->polls[i] = start(state, &watched[i], EV_READ);
    return state;
}

static void peer_close(void *pointer)
{
    struct event_state *state = pointer;

    for (int i = 0; i < state->n; i++)
        event_free(state->polls[i]);
    event_base_free(state->base);
    free(state->polls);
    free(state);
}

static void peer_turn(void *pointer, int n_turns)
{
    struct event_state *state = pointer;

    for (int turn = 0; turn < n_turns; turn++)
        event_base_loop(state->base, EVLOOP_ONCE);
}

static void peer_churn(void *pointer, struct watched *watched, int n)
{
    struct event_state *state = pointer;

    struct event *reader =
        event_new(state->base, watched->fd, EV_READ | EV_PERSIST, on_poll, watched);
    struct event *writer =
        event_new(state->base, watched->fd, EV_WRITE | EV_PERSIST, on_poll, watched);
    for (int i = 0; i < n; i++) {
        event_add(reader, NULL);
        event_add(writer, NULL);
        event_del(writer);
        event_del(reader);
    }
    event_free(reader);
    event_free(writer);
}

const struct contestant event_contestant = {"libevent", peer_open, peer_close, peer_turn,
                                            peer_churn, NULL,      NULL};
