/* abpevent, as its header says it is used: every event is asked whether it still holds. */
#include <stdlib.h>

#include "abp_event.h"
#include "contestant.h"

static void *abp_open(struct watched *watched, int n)
{
    struct abp_loop *loop = calloc(1, sizeof *loop);

    if (abp_loop_init(loop, NULL) < 0)
        abort();
    for (int i = 0; i < n; i++)
        if (abp_loop_add_read(loop, watched[i].fd, &watched[i]) < 0)
            abort();
    return loop;
}

static void abp_close(void *state)
{
    abp_loop_close(state);
    free(state);
}

static void abp_turn(void *state, int n_turns)
{
    struct abp_event events[BATCH];

    for (int turn = 0; turn < n_turns; turn++) {
        int n = abp_loop_wait(state, events, BATCH, -1);
        for (int i = 0; i < n; i++) {
            struct watched *watched = events[i].udata;
            if (abp_loop_still_ready(state, &events[i]) && events[i].readable)
                watched->n_events++;
        }
    }
}

static void abp_churn(void *state, struct watched *watched, int n)
{
    for (int i = 0; i < n; i++)
        if (abp_loop_add_read(state, watched->fd, watched) < 0 ||
            abp_loop_add_write(state, watched->fd, watched) < 0 ||
            abp_loop_del(state, watched->fd) < 0)
            abort();
}

static void abp_wake(void *state)
{
    if (abp_loop_wake(state) < 0)
        abort();
}

static void abp_take_wakes(void *state)
{
    struct abp_event event;

    if (abp_loop_wait(state, &event, 1, -1) != 1 || !event.wake)
        abort();
}

const struct contestant abp_contestant = {"abpevent", abp_open, abp_close,     abp_turn,
                                          abp_churn,  abp_wake, abp_take_wakes};
