/* usage: loops [ROUNDS]
 *
 * Times readiness loops beside each other. Out: one line each of scenario, contestant, round and
 * nanoseconds of CPU time an event (a change, a wake), with tabs between.
 *
 * Design: machines are shared, so a single time says little. In each round every contestant runs
 * the same work once, starting with another one each time; a ratio is taken within a round.
 * Readiness is never consumed: what is measured is wait and dispatch, with nothing else to hide it.
 *
 * Exit codes: 0 measured; 2 a descriptor limit that is too low, or a loop that lost an event.
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "contestant.h"

enum { MAX_FDS = 10000, N_WAKES = 500000, N_CHURN = 20000 };

static const struct contestant *const contestants[] = {
    &raw_contestant,   &abp_contestant,
#ifdef HAVE_LIBUV
    &uv_contestant,
#endif
#ifdef HAVE_LIBEV
    &ev_contestant,
#endif
#ifdef HAVE_LIBEVENT
    &event_contestant,
#endif
};
enum { N_CONTESTANTS = sizeof contestants / sizeof contestants[0] };

static struct watched watched[MAX_FDS];

static void fail(const char *what, const char *who)
{
    fprintf(stderr, "loops: %s: %s\n", who, what);
    exit(2);
}

static double cpu_ns(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

/* n descriptors, of which n_active are always readable, spread evenly. */
static void open_descriptors(int n, int n_active)
{
    for (int i = 0; i < n; i++) {
        bool is_active = i % (n / n_active) == 0;
        watched[i].fd = eventfd(is_active, EFD_NONBLOCK | EFD_CLOEXEC);
        watched[i].n_events = 0;
        if (watched[i].fd < 0)
            fail("too few descriptors, see ulimit -n", "eventfd");
    }
}

static void close_descriptors(int n)
{
    for (int i = 0; i < n; i++)
        close(watched[i].fd);
}

/* ---- scenarios: nanoseconds of one contestant ---- */

static double dispatch(const struct contestant *who, int n, int n_active, int n_turns)
{
    open_descriptors(n, n_active);
    void *state = who->open(watched, n);
    who->turn(state, 8); /* caches, tables, changes that were put off */
    for (int i = 0; i < n; i++)
        watched[i].n_events = 0;
    double begin = cpu_ns(CLOCK_PROCESS_CPUTIME_ID);
    who->turn(state, n_turns);
    double took = cpu_ns(CLOCK_PROCESS_CPUTIME_ID) - begin;
    uint64_t n_events = 0;
    for (int i = 0; i < n; i++)
        n_events += watched[i].n_events;
    who->close(state);
    close_descriptors(n);
    /* A turn of some loops waits more than once. */
    if (n_events < (uint64_t)n_turns * (unsigned)n_active)
        fail("lost events", who->name);
    return took / (double)n_events;
}

static double churn(const struct contestant *who)
{
    open_descriptors(1, 1);
    struct watched idle = {.fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)};
    void *state = who->open(watched, 0);
    who->churn(state, &idle, 100);
    double begin = cpu_ns(CLOCK_PROCESS_CPUTIME_ID);
    who->churn(state, &idle, N_CHURN);
    double took = cpu_ns(CLOCK_PROCESS_CPUTIME_ID) - begin;
    who->close(state);
    close(idle.fd);
    close_descriptors(1);
    return took / N_CHURN;
}

struct bench_sender {
    const struct contestant *who;
    void *state;
    double cpu_ns;
    int n_sent; /* atomic */
};

static void *send_wakes(void *argument)
{
    struct bench_sender *sender = argument;
    double begin = cpu_ns(CLOCK_THREAD_CPUTIME_ID);

    for (int i = 1; i <= N_WAKES; i++) {
        __atomic_store_n(&sender->n_sent, i, __ATOMIC_RELAXED);
        sender->who->wake(sender->state);
    }
    sender->cpu_ns = cpu_ns(CLOCK_THREAD_CPUTIME_ID) - begin;
    return NULL;
}

/* CPU time of the thread that sends, while the loop takes what comes. */
static double flood(const struct contestant *who)
{
    struct bench_sender sender = {.who = who, .state = who->open(watched, 0)};
    pthread_t thread;

    pthread_create(&thread, NULL, send_wakes, &sender);
    while (__atomic_load_n(&sender.n_sent, __ATOMIC_RELAXED) < N_WAKES)
        who->take_wakes(sender.state); /* for ever, if the last wake is lost */
    pthread_join(thread, NULL);
    who->close(sender.state);
    return sender.cpu_ns / N_WAKES;
}

static double run(int scenario, const struct contestant *who)
{
    switch (scenario) {
    case 0:
        return dispatch(who, 1, 1, 100000);
    case 1:
        return dispatch(who, 100, 100, 4000);
    case 2:
        return dispatch(who, 10000, 100, 4000);
    case 3:
        return churn(who);
    default:
        return who->wake != NULL ? flood(who) : -1;
    }
}

int main(int argc, char **argv)
{
    static const char *const scenarios[] = {"1 active of 1", "100 active of 100",
                                            "100 active of 10000", "add + mod + del", "wake flood"};
    int n_rounds = argc > 1 ? atoi(argv[1]) : 7;
    struct rlimit limit;

    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
    }
    for (int round = 0; round < n_rounds; round++) {
        for (int scenario = 0; scenario < 5; scenario++) {
            for (int i = 0; i < N_CONTESTANTS; i++) {
                const struct contestant *who = contestants[(i + round) % N_CONTESTANTS];
                double ns = run(scenario, who);
                if (ns >= 0)
                    printf("%s\t%s\t%d\t%.2f\n", scenarios[scenario], who->name, round, ns);
                fflush(stdout);
            }
        }
    }
    return 0;
}
