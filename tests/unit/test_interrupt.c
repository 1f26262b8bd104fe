/* Tests of interrupt.c, each in a process of its own that really gets the signal: who dies of it,
 * and who stays behind. */
#include "fixture.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>

#include "base/interrupt.h"
#include "base/proc.h"

enum { BOUND_MS = 10000, MOMENT_MS = 200 };

/* A process under test, and a pipe whose other end it and its children hold. */
struct tested {
    pid_t pid;
    int out;
};

/* Runs the body in a process of its own. */
static struct tested begin(void (*body)(int out))
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    struct tested subject = {.pid = fork(), .out = ends[0]};
    assert_true(subject.pid >= 0);
    if (subject.pid == 0) {
        close(ends[0]);
        body(ends[1]);
        _exit(99);
    }
    close(ends[1]);
    return subject;
}

/* The next byte that the process wrote: its end is '\0', nothing within the bound '?'. */
static char next_byte(const struct tested *subject, int bound_ms)
{
    struct pollfd poll_one = {.fd = subject->out, .events = POLLIN};
    char byte = '\0';

    if (poll(&poll_one, 1, bound_ms) != 1)
        return '?';
    return read(subject->out, &byte, 1) == 1 ? byte : '\0';
}

/* How the process ended: -N by signal N, else its exit code. */
static int end_of(struct tested *subject)
{
    int status;
    assert_int_equal(waitpid(subject->pid, &status, 0), subject->pid);
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static void say(int out, char byte)
{
    if (write(out, &byte, 1) != 1)
        _exit(98);
}

/* Starts a program in a group of its own, which holds `out` as long as it lives. */
static pid_t start_sleeper(int out)
{
    (void)out;
    interrupt_hold();
    pid_t pid = fork();
    if (pid == 0) {
        setpgid(0, 0);
        execlp("sleep", "sleep", "60", (char *)NULL);
        _exit(97);
    }
    setpgid(pid, pid);
    interrupt_add(pid);
    interrupt_release();
    return pid;
}

static void sleep_with_groups(int out)
{
    interrupt_catch();
    for (int i = 0; i < 40; i++) /* more than the list's first memory */
        (void)start_sleeper(out);
    say(out, 'r');
    for (;;)
        pause();
}

static void test_interrupt__ends_every_group_and_dies_of_the_signal(void **state)
{
    (void)state;
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
        struct tested subject = begin(sleep_with_groups);
        assert_int_equal(next_byte(&subject, BOUND_MS), 'r');
        assert_int_equal(next_byte(&subject, MOMENT_MS), '?'); /* all of them live */
        kill(subject.pid, signals[i]);
        assert_int_equal(end_of(&subject), -signals[i]);
        if (next_byte(&subject, BOUND_MS) != '\0')
            fail_msg("signal %d: a program was left behind", signals[i]);
        close(subject.out);
    }
}

/* Writes the number of the program that is to outlive it. */
static void sleep_with_a_group_taken_back(int out)
{
    interrupt_catch();
    pid_t kept = start_sleeper(out);
    (void)start_sleeper(out);
    interrupt_remove(kept);
    if (write(out, &kept, sizeof kept) != sizeof kept)
        _exit(98);
    for (;;)
        pause();
}

static void test_interrupt_remove__leaves_a_group_alone_that_was_taken_back(void **state)
{
    (void)state;
    struct tested subject = begin(sleep_with_a_group_taken_back);
    pid_t kept;
    assert_int_equal(read(subject.out, &kept, sizeof kept), sizeof kept);
    kill(subject.pid, SIGTERM);
    assert_int_equal(end_of(&subject), -SIGTERM);
    char got = next_byte(&subject, MOMENT_MS);
    assert_int_equal(kill(kept, SIGKILL), 0);
    assert_int_equal(got, '?'); /* it held the pipe until now */
    assert_int_equal(next_byte(&subject, BOUND_MS), '\0');
    close(subject.out);
}

static void hold_for_a_moment(int out)
{
    interrupt_catch();
    interrupt_hold();
    kill(getpid(), SIGTERM);
    usleep(MOMENT_MS * 1000);
    say(out, 'h');
    interrupt_release();
    usleep(BOUND_MS * 1000);
    say(out, 'a'); /* nothing ended it */
    _exit(0);
}

static void test_interrupt_hold__puts_the_end_off_and_not_away(void **state)
{
    (void)state;
    struct tested subject = begin(hold_for_a_moment);
    assert_int_equal(next_byte(&subject, BOUND_MS), 'h');
    assert_int_equal(next_byte(&subject, BOUND_MS), '\0');
    assert_int_equal(end_of(&subject), -SIGTERM);
    close(subject.out);
}

static void stay_ignorant(int out)
{
    sigset_t blocked;
    signal(SIGHUP, SIG_IGN); /* as nohup(1) does */
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGINT);
    sigprocmask(SIG_BLOCK, &blocked, NULL);
    interrupt_catch();
    kill(getpid(), SIGHUP);
    kill(getpid(), SIGINT);
    usleep(MOMENT_MS * 1000);
    say(out, 'l');
    kill(getpid(), SIGTERM); /* the one that was left to us */
    for (;;)
        pause();
}

static void test_interrupt_catch__leaves_what_the_caller_ignores_or_blocks(void **state)
{
    (void)state;
    struct tested subject = begin(stay_ignorant);
    assert_int_equal(next_byte(&subject, BOUND_MS), 'l');
    assert_int_equal(end_of(&subject), -SIGTERM);
    close(subject.out);
}

/* What the kernel says is blocked in a program that proc_run starts. */
static void show_mask(int out)
{
    static const char *const argv[] = {"grep", "^SigBlk:", "/proc/self/status", NULL};
    struct arena own = {NULL};
    sigset_t blocked;

    sigemptyset(&blocked);
    sigaddset(&blocked, SIGINT);  /* bit 1 */
    sigaddset(&blocked, SIGUSR1); /* bit 9 */
    sigprocmask(SIG_SETMASK, &blocked, NULL);
    interrupt_catch();
    struct proc_result result = proc_run(&own, argv, BOUND_MS);
    if (write(out, result.out, result.n_out) != (ssize_t)result.n_out)
        _exit(98);
    arena_release(&own);
    _exit(0);
}

static void test_interrupt_child_mask__is_the_one_that_we_were_started_with(void **state)
{
    (void)state;
    struct tested subject = begin(show_mask);
    char text[64] = "";
    char byte = next_byte(&subject, BOUND_MS);
    for (size_t n = 0; byte != '\0' && n < sizeof text - 1; n++) {
        text[n] = byte;
        byte = next_byte(&subject, BOUND_MS);
    }
    assert_string_equal(text, "SigBlk:\t0000000000000202\n");
    assert_int_equal(end_of(&subject), 0);
    close(subject.out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_interrupt__ends_every_group_and_dies_of_the_signal),
        TEST(test_interrupt_remove__leaves_a_group_alone_that_was_taken_back),
        TEST(test_interrupt_hold__puts_the_end_off_and_not_away),
        TEST(test_interrupt_catch__leaves_what_the_caller_ignores_or_blocks),
        TEST(test_interrupt_child_mask__is_the_one_that_we_were_started_with),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
