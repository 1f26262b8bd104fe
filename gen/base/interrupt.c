/* interrupt.c - see interrupt.h.
 *
 * Design: a signal handler may do almost nothing, runs in whichever thread happens to take the
 * signal, and cannot wait for a program that another thread is just starting. So the signals are
 * blocked in all threads, and one thread waits for them (sigwait). It is an ordinary thread: it
 * takes the lock that every start of a program holds, so no program is half started, ends all
 * groups, and dies of the signal with the lock still taken, so nobody starts another.
 */
#include "base/interrupt.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/fatal.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* Groups under way. Guarded by lock. */
static struct {
    pid_t *items;
    size_t n;
    size_t capacity;
} groups;

/* Set before there are threads. */
static struct {
    bool is_on;
    sigset_t caught;
    sigset_t before; /* the mask that we were started with */
} signals;

void interrupt_hold(void)
{
    pthread_mutex_lock(&lock);
}

void interrupt_release(void)
{
    pthread_mutex_unlock(&lock);
}

void interrupt_add(pid_t group)
{
    if (groups.n == groups.capacity) {
        size_t capacity = 2 * groups.capacity + 16;
        pid_t *items = realloc(groups.items, capacity * sizeof *items);
        if (items == NULL)
            diag_die("out of memory");
        groups.items = items;
        groups.capacity = capacity;
    }
    groups.items[groups.n++] = group;
}

void interrupt_remove(pid_t group)
{
    interrupt_hold();
    for (size_t i = 0; i < groups.n; i++)
        if (groups.items[i] == group) {
            groups.items[i] = groups.items[--groups.n];
            break;
        }
    interrupt_release();
}

sigset_t interrupt_child_mask(void)
{
    sigset_t mask = signals.before;

    if (!signals.is_on)
        pthread_sigmask(SIG_SETMASK, NULL, &mask);
    return mask;
}

static void *wait_for_signal(void *nothing)
{
    int number;

    while (sigwait(&signals.caught, &number) != 0)
        continue;
    interrupt_hold(); /* for ever */
    for (size_t i = 0; i < groups.n; i++)
        kill(-groups.items[i], SIGKILL);
    signal(number, SIG_DFL); /* a library may have set a handler of its own */
    pthread_sigmask(SIG_UNBLOCK, &signals.caught, NULL);
    raise(number);
    return nothing; /* not reached: the default of all three is to end the process */
}

/* The signals that our caller left to us. */
static void choose_signals(void)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};

    sigemptyset(&signals.caught);
    pthread_sigmask(SIG_SETMASK, NULL, &signals.before);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        struct sigaction action;
        if (sigaction(numbers[i], NULL, &action) == 0 && action.sa_handler == SIG_DFL &&
            !sigismember(&signals.before, numbers[i]))
            sigaddset(&signals.caught, numbers[i]);
    }
}

void interrupt_catch(void)
{
    choose_signals();
    if (pthread_sigmask(SIG_BLOCK, &signals.caught, NULL) != 0)
        return;
    signals.is_on = true;
    pthread_t thread;
    if (pthread_create(&thread, NULL, wait_for_signal, NULL) == 0) {
        pthread_detach(thread);
        return;
    }
    /* Nobody would take the signals: better to leave programs behind than not to end. */
    pthread_sigmask(SIG_SETMASK, &signals.before, NULL);
    signals.is_on = false;
}
