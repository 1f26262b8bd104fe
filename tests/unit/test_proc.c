/* Tests of proc.c: how programs end, that they end within their bound together with what they
 * started, and that nothing else is touched. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/proc.h"

/* A bound that is never reached unless something hangs. */
enum { LONG_MS = 60 * 1000 };

static struct arena arena;

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static struct proc_result run_shell(const char *script, int timeout_ms)
{
    return proc_run(&arena, (const char *const[]){"sh", "-c", script, NULL}, timeout_ms);
}

static void assert_end(const struct proc_result *got, enum proc_end end, int status)
{
    if (got->end != end || (end != PROC_TIMED_OUT && end != PROC_FLOODED && end != PROC_STOPPED &&
                            got->status != status))
        fail_msg("expected end %d with status %d, got end %d with status %d, stderr '%s'", end,
                 status, got->end, got->status, got->err);
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void assert_within(int64_t start, int64_t bound_ms)
{
    int64_t took = now_ms() - start;
    if (took > bound_ms)
        fail_msg("expected an answer within %lld ms, took %lld ms", (long long)bound_ms,
                 (long long)took);
}

static int n_open_files(void)
{
    DIR *dir = opendir("/proc/self/fd");
    assert_non_null(dir);
    int n = 0;
    while (readdir(dir) != NULL)
        n++;
    closedir(dir);
    return n;
}

/* ---- how it ended ---------------------------------------------------------------------------- */

static void test_proc_run__returns_output_and_exit_code(void **state)
{
    (void)state;
    struct proc_result got = run_shell("printf out; printf 'er\\0r' >&2; exit 3", LONG_MS);
    assert_end(&got, PROC_EXITED, 3);
    assert_string_equal(got.out, "out");
    assert_int_equal(got.n_out, 3);
    assert_int_equal(got.n_err, 4);
    assert_memory_equal(got.err, "er\0r", 5);
}

static void test_proc_run__returns_empty_texts_when_nothing_is_printed(void **state)
{
    (void)state;
    struct proc_result got = proc_run(&arena, (const char *const[]){"true", NULL}, LONG_MS);
    assert_end(&got, PROC_EXITED, 0);
    assert_string_equal(got.out, "");
    assert_string_equal(got.err, "");
    assert_int_equal(got.n_out + got.n_err, 0);
}

static void test_proc_run__returns_the_signal(void **state)
{
    (void)state;
    struct proc_result got = run_shell("echo before; kill -SEGV $$", LONG_MS);
    assert_end(&got, PROC_SIGNALLED, SIGSEGV);
    assert_string_equal(got.out, "before\n");
}

static void test_proc_run__carries_errno_when_it_cannot_start(void **state)
{
    (void)state;
    struct proc_result got =
        proc_run(&arena, (const char *const[]){"abiproof-no-such-program", NULL}, LONG_MS);
    assert_end(&got, PROC_NOT_STARTED, ENOENT);
    assert_string_equal(got.out, "");
    assert_string_equal(got.err, "");
    got = proc_run(&arena, (const char *const[]){"/tmp", NULL}, LONG_MS);
    assert_end(&got, PROC_NOT_STARTED, EACCES);
}

static void test_proc_run__keeps_both_streams_when_both_are_larger_than_a_pipe(void **state)
{
    (void)state;
    struct proc_result got = run_shell("head -c 1000000 /dev/zero | tr '\\0' o & "
                                       "head -c 1000000 /dev/zero | tr '\\0' e >&2; wait",
                                       LONG_MS);
    assert_end(&got, PROC_EXITED, 0);
    assert_int_equal(got.n_out, 1000000);
    assert_int_equal(got.n_err, 1000000);
    assert_int_equal(strspn(got.out, "o"), 1000000);
    assert_int_equal(strspn(got.err, "e"), 1000000);
}

static void test_proc_run__waits_for_exit_when_the_program_closed_its_streams(void **state)
{
    (void)state;
    struct proc_result got = run_shell("exec >&- 2>&-; sleep 0.1; exit 5", LONG_MS);
    assert_end(&got, PROC_EXITED, 5);
}

/* ---- what the program gets ------------------------------------------------------------------- */

static void test_proc_run__gives_no_stdin(void **state)
{
    (void)state;
    int64_t start = now_ms();
    struct proc_result got = run_shell("cat; readlink /proc/self/fd/0", LONG_MS);
    assert_end(&got, PROC_EXITED, 0);
    assert_string_equal(got.out, "/dev/null\n");
    assert_within(start, LONG_MS / 2);
}

static void test_proc_run__sets_the_c_locale_and_keeps_the_rest_of_the_environment(void **state)
{
    (void)state;
    setenv("LC_ALL", "de_DE.UTF-8", 1);
    setenv("ABIPROOF_TEST", "kept", 1);
    /* env directly: a shell would hide a variable that is given twice */
    struct proc_result got = proc_run(&arena, (const char *const[]){"env", NULL}, LONG_MS);
    assert_string_equal(getenv("LC_ALL"), "de_DE.UTF-8");
    unsetenv("LC_ALL");
    unsetenv("ABIPROOF_TEST");
    assert_end(&got, PROC_EXITED, 0);
    const char *lines = arena_printf(&arena, "\n%s", got.out);
    assert_non_null(strstr(lines, "\nABIPROOF_TEST=kept\n"));
    assert_non_null(strstr(lines, "\nLC_ALL=C\n"));
    assert_null(strstr(lines, "\nLC_ALL=de_DE"));
}

static void test_proc_run__uses_a_process_group_of_its_own(void **state)
{
    (void)state;
    /* In /proc/PID/stat: pid (name) state parent group. */
    struct proc_result got = run_shell("read -r pid name state parent group rest "
                                       "</proc/$$/stat; echo $pid $group",
                                       LONG_MS);
    assert_end(&got, PROC_EXITED, 0);
    int pid = 0, group = -1;
    assert_int_equal(sscanf(got.out, "%d %d", &pid, &group), 2);
    assert_int_equal(group, pid);
    assert_int_not_equal(group, getpgrp());
}

static void test_proc_run__leaves_no_descriptors_open_here_or_there(void **state)
{
    (void)state;
    for (int fd = 3; fd < 1024; fd++)
        fcntl(fd, F_SETFD, FD_CLOEXEC); /* what this test was started with is not proc_run's */
    int before = n_open_files();
    struct proc_result got =
        proc_run(&arena, (const char *const[]){"ls", "/proc/self/fd", NULL}, LONG_MS);
    assert_string_equal(got.out, "0\n1\n2\n3\n"); /* 3 is the folder that ls reads */
    run_shell("sleep 60", 20);
    proc_run(&arena, (const char *const[]){"abiproof-no-such-program", NULL}, LONG_MS);
    assert_int_equal(n_open_files(), before);
}

/* ---- bounds ---------------------------------------------------------------------------------- */

/* A pipe that whoever inherits it holds open: reading from it ends when all of them are gone. */
struct witness_pipe {
    int fds[2];
};

static struct witness_pipe witness_open(void)
{
    struct witness_pipe witness;
    assert_int_equal(pipe(witness.fds), 0); /* not O_CLOEXEC, on purpose */
    return witness;
}

static void assert_all_gone(struct witness_pipe witness)
{
    close(witness.fds[1]);
    struct pollfd end = {.fd = witness.fds[0], .events = POLLIN};
    int n_ready = poll(&end, 1, 5000);
    char byte;
    ssize_t n_read = n_ready == 1 ? read(witness.fds[0], &byte, 1) : -1;
    close(witness.fds[0]);
    if (n_read != 0)
        fail_msg("a process of the group is still alive");
}

static void assert_no_children(void)
{
    pid_t pid = waitpid(-1, NULL, WNOHANG);
    if (pid != -1 || errno != ECHILD)
        fail_msg("expected no child to be left unreaped, waitpid returned %d", (int)pid);
}

static void test_proc_run__kills_the_group_when_time_is_up(void **state)
{
    (void)state;
    struct witness_pipe witness = witness_open();
    int64_t start = now_ms();
    struct proc_result got =
        run_shell("trap '' TERM INT HUP; echo begun; sleep 60 & sleep 60 & wait", 300);
    assert_end(&got, PROC_TIMED_OUT, 0);
    assert_string_equal(got.out, "begun\n");
    assert_true(now_ms() - start >= 300);
    assert_within(start, 10000);
    assert_all_gone(witness);
    assert_no_children();
}

static void test_proc_run__times_out_when_the_program_is_stopped(void **state)
{
    (void)state;
    int64_t start = now_ms();
    struct proc_result got = run_shell("kill -STOP $$", 100);
    assert_end(&got, PROC_TIMED_OUT, 0);
    assert_within(start, 10000);
    assert_no_children();
}

static void test_proc_run__times_out_when_output_never_pauses(void **state)
{
    (void)state;
    int64_t start = now_ms();
    struct proc_result got = run_shell("while :; do echo x; done", 200);
    assert_end(&got, PROC_TIMED_OUT, 0);
    assert_true(got.n_out > 0);
    assert_within(start, 10000);
}

static void test_proc_run__returns_at_exit_when_a_grandchild_keeps_the_pipes_open(void **state)
{
    (void)state;
    struct witness_pipe witness = witness_open();
    int64_t start = now_ms();
    struct proc_result got = run_shell("sleep 60 & echo kept; exit 4", LONG_MS);
    assert_end(&got, PROC_EXITED, 4);
    assert_string_equal(got.out, "kept\n");
    assert_within(start, 10000);
    assert_all_gone(witness);
    assert_no_children();
}

static void test_proc_run__returns_at_exit_when_somebody_left_the_group_and_writes(void **state)
{
    (void)state;
    int64_t start = now_ms();
    /* bounded by itself, as proc_run cannot kill it; slow enough not to be a flood */
    struct proc_result got = run_shell(
        "setsid timeout 6 sh -c 'while :; do echo x; done' & sleep 0.1; echo kept >&2", LONG_MS);
    assert_end(&got, PROC_EXITED, 0);
    assert_string_equal(got.err, "kept\n");
    assert_within(start, 5000);
}

static void test_proc_run__kills_only_its_group(void **state)
{
    (void)state;
    pid_t same_group = fork();
    if (same_group == 0) {
        pause();
        _exit(0);
    }
    pid_t other_group = fork();
    if (other_group == 0) {
        setpgid(0, 0);
        pause();
        _exit(0);
    }
    run_shell("sleep 60 & wait", 50);
    run_shell("exit 0", LONG_MS);
    assert_int_equal(waitpid(same_group, NULL, WNOHANG), 0);
    assert_int_equal(waitpid(other_group, NULL, WNOHANG), 0);
    kill(same_group, SIGKILL);
    kill(other_group, SIGKILL);
    assert_int_equal(waitpid(same_group, NULL, 0), same_group);
    assert_int_equal(waitpid(other_group, NULL, 0), other_group);
}

static void test_proc_run__stops_a_flood(void **state)
{
    (void)state;
    struct witness_pipe witness = witness_open();
    int64_t start = now_ms();
    struct proc_result got = run_shell("yes & yes >&2", LONG_MS);
    assert_end(&got, PROC_FLOODED, 0);
    assert_int_equal(got.n_out + got.n_err, PROC_OUTPUT_MAX);
    assert_within(start, LONG_MS / 2);
    assert_all_gone(witness);
    assert_no_children();
}

static void test_proc_run__allows_as_much_output_as_the_maximum(void **state)
{
    (void)state;
    struct proc_result got = run_shell("head -c 16777216 /dev/zero", LONG_MS);
    assert_end(&got, PROC_EXITED, 0);
    assert_int_equal(got.n_out, PROC_OUTPUT_MAX);
    got = run_shell("head -c 16777217 /dev/zero", LONG_MS);
    assert_end(&got, PROC_FLOODED, 0);
    assert_int_equal(got.n_out, PROC_OUTPUT_MAX);
}

static void test_proc_run__does_not_report_success_when_sigchld_is_ignored(void **state)
{
    (void)state;
    void (*handler)(int) = signal(SIGCHLD, SIG_IGN);
    struct proc_result got = run_shell("exit 0", LONG_MS);
    signal(SIGCHLD, handler);
    assert_end(&got, PROC_NOT_STARTED, ECHILD);
}

static void run_from_thread(void *context, size_t i)
{
    atomic_int *n_right = context;
    struct arena own = {0};
    const char *expected = arena_printf(&own, "%zu\n", i);
    const char *script = arena_printf(&own, "echo %zu; echo %zu >&2; exit %zu", i, i, i);
    struct proc_result got =
        proc_run(&own, (const char *const[]){"sh", "-c", script, NULL}, LONG_MS);
    if (got.end == PROC_EXITED && got.status == (int)i && strcmp(got.out, expected) == 0 &&
        strcmp(got.err, expected) == 0)
        atomic_fetch_add(n_right, 1);
    arena_release(&own);
}

static void test_proc_run__keeps_programs_apart_when_threads_run_them(void **state)
{
    (void)state;
    int before = n_open_files();
    atomic_int n_right = 0;
    proc_parallel(64, 8, run_from_thread, &n_right);
    assert_int_equal(n_right, 64);
    assert_int_equal(n_open_files(), before);
    assert_no_children();
}

/* ---- the last line --------------------------------------------------------------------------- */

static struct proc_result run_until(const char *script, int timeout_ms, const char *last)
{
    return proc_run_until(&arena, (const char *const[]){"sh", "-c", script, NULL}, timeout_ms,
                          last);
}

static void test_proc_run_until__ends_the_group_at_the_line(void **state)
{
    (void)state;
    struct witness_pipe witness = witness_open();
    int64_t start = now_ms();
    struct proc_result got =
        run_until("trap '' TERM; echo a; printf 'the end\\r\\r\\n'; sleep 60 & "
                  "sleep 60",
                  LONG_MS, "the end");
    assert_end(&got, PROC_STOPPED, 0);
    assert_string_equal(got.out, "a\nthe end\r\r\n");
    assert_within(start, 10000);
    assert_true(got.wall_ms >= 0 && got.wall_ms < 10000);
    assert_all_gone(witness);
    assert_no_children();
}

static void test_proc_run_until__knows_a_line_that_comes_in_pieces(void **state)
{
    (void)state;
    struct proc_result got = run_until("printf 'x\\nthe '; sleep 0.1; printf end; sleep 0.1; echo; "
                                       "sleep 60",
                                       LONG_MS, "the end");
    assert_end(&got, PROC_STOPPED, 0);
    assert_string_equal(got.out, "x\nthe end\n");
}

static void test_proc_run_until__wants_the_line_whole_and_on_stdout(void **state)
{
    (void)state;
    static const char *const scripts[] = {
        "echo 'not the end'; sleep 60",      "echo 'the end of it'; sleep 60",
        "printf 'the end'; sleep 60",        "echo 'the end' >&2; sleep 60",
        "printf 'the end\\r.\\n'; sleep 60", "printf 'the\\nend\\n'; sleep 60",
    };
    for (size_t i = 0; i < sizeof scripts / sizeof scripts[0]; i++) {
        struct proc_result got = run_until(scripts[i], 200, "the end");
        assert_end(&got, PROC_TIMED_OUT, 0);
    }
}

static void test_proc_run_until__leaves_a_program_that_ends_itself_its_exit_code(void **state)
{
    (void)state;
    struct proc_result got = run_until("echo nothing; exit 3", LONG_MS, "the end");
    assert_end(&got, PROC_EXITED, 3);
}

static void test_proc_run__says_how_long_it_took(void **state)
{
    (void)state;
    struct proc_result got = run_shell("sleep 0.2", LONG_MS);
    assert_true(got.wall_ms >= 200);
    assert_true(got.cpu_ms < got.wall_ms);
    got = run_shell("i=0; while [ $i -lt 100000 ]; do i=$((i + 1)); done", LONG_MS);
    assert_true(got.cpu_ms > 0);
}

/* ---- the rest -------------------------------------------------------------------------------- */

static void test_proc_describe__says_how_it_ended(void **state)
{
    (void)state;
    static const struct {
        enum proc_end end;
        int status;
        int timeout_ms;
        const char *expected;
    } rows[] = {
        {PROC_EXITED, 1, 10000, "exit code 1"},
        {PROC_SIGNALLED, SIGSEGV, 10000, "killed by signal 11 (SIGSEGV)"},
        {PROC_SIGNALLED, 40, 10000, "killed by signal 40"},
        {PROC_TIMED_OUT, 0, 10000, "no answer within 10 s"},
        {PROC_TIMED_OUT, 0, 1500, "no answer within 1500 ms"},
        {PROC_FLOODED, 0, 10000, "more than 16 MiB of output"},
        {PROC_STOPPED, 0, 10000, "ended after its last line"},
        {PROC_NOT_STARTED, ENOENT, 10000, "not started: No such file or directory"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct proc_result result = {.end = rows[i].end, .status = rows[i].status};
        assert_string_equal(proc_describe(&arena, &result, rows[i].timeout_ms), rows[i].expected);
    }
}

static const char *find_in(const char *path, const char *program)
{
    char *saved = arena_strdup(&arena, getenv("PATH"));
    if (path != NULL)
        setenv("PATH", path, 1);
    else
        unsetenv("PATH");
    const char *found = proc_find(&arena, program);
    setenv("PATH", saved, 1);
    return found;
}

static void test_proc_find__looks_in_path_as_execvp_does(void **state)
{
    (void)state;
    char folder[] = "/tmp/abiproof-test-proc-XXXXXX";
    assert_non_null(mkdtemp(folder));
    const char *program = arena_printf(&arena, "%s/abiproof-tool", folder);
    const char *plain = arena_printf(&arena, "%s/abiproof-text", folder);
    assert_int_equal(close(open(program, O_CREAT | O_WRONLY | O_CLOEXEC, 0755)), 0);
    assert_int_equal(close(open(plain, O_CREAT | O_WRONLY | O_CLOEXEC, 0644)), 0);
    assert_int_equal(chdir(folder), 0);

    const char *in_last = find_in(arena_printf(&arena, "/nowhere:%s", folder), "abiproof-tool");
    const char *in_dot = find_in("/nowhere:", "abiproof-tool");
    const char *not_executable = find_in(folder, "abiproof-text");
    const char *a_folder = find_in("/", "tmp");
    const char *unavailable = find_in("/nowhere", "abiproof-tool");
    const char *no_path = find_in(NULL, "sh");
    const char *by_slash = find_in("/nowhere", program);
    const char *by_slash_plain = find_in(folder, plain);
    const char *no_name = find_in(folder, "");

    assert_int_equal(chdir("/"), 0);
    unlink(program);
    unlink(plain);
    rmdir(folder);
    assert_string_equal(in_last, program);
    assert_string_equal(in_dot, "./abiproof-tool");
    assert_null(not_executable);
    assert_null(a_folder);
    assert_null(unavailable);
    assert_string_equal(no_path, "/bin/sh");
    assert_string_equal(by_slash, program);
    assert_null(by_slash_plain);
    assert_null(no_name);
}

enum { N_COUNTED = 1000 };

static void count_item(void *context, size_t i)
{
    atomic_int *counts = context;
    atomic_fetch_add(&counts[i], 1);
}

static void test_proc_parallel__does_each_item_once(void **state)
{
    (void)state;
    static const int workers[] = {-1, 0, 1, 2, 8, 2000};
    for (size_t w = 0; w < sizeof workers / sizeof workers[0]; w++) {
        static atomic_int counts[N_COUNTED];
        for (size_t i = 0; i < N_COUNTED; i++)
            counts[i] = 0;
        proc_parallel(N_COUNTED, workers[w], count_item, counts);
        for (size_t i = 0; i < N_COUNTED; i++)
            if (counts[i] != 1)
                fail_msg("%d workers: item %zu was done %d times", workers[w], i, counts[i]);
    }
    proc_parallel(0, 4, count_item, NULL); /* must not call it at all */
}

struct order {
    pthread_t thread;
    size_t next;
    bool is_right;
};

static void check_order(void *context, size_t i)
{
    struct order *order = context;
    order->is_right &= i == order->next++ && pthread_equal(pthread_self(), order->thread);
}

static void test_proc_parallel__works_in_order_and_in_this_thread_when_alone(void **state)
{
    (void)state;
    struct order order = {.thread = pthread_self(), .is_right = true};
    proc_parallel(100, 1, check_order, &order);
    assert_true(order.is_right);
    assert_int_equal(order.next, 100);
}

/* Each of four items waits for the other three. */
static void meet(void *context, size_t i)
{
    (void)i;
    atomic_int *n_present = context;
    atomic_fetch_add(n_present, 1);
    int64_t start = now_ms();
    while (atomic_load(n_present) < 4 && now_ms() - start < 10000)
        poll(NULL, 0, 1);
    if (atomic_load(n_present) < 4)
        atomic_fetch_sub(n_present, 100);
}

static void test_proc_parallel__has_as_many_items_in_work_as_workers(void **state)
{
    (void)state;
    atomic_int n_present = 0;
    proc_parallel(4, 4, meet, &n_present);
    assert_int_equal(n_present, 4);
}

static void test_proc_default_workers__counts_what_this_process_may_use(void **state)
{
    (void)state;
    cpu_set_t saved, one;
    assert_int_equal(sched_getaffinity(0, sizeof saved, &saved), 0);
    assert_int_equal(proc_default_workers(), CPU_COUNT(&saved));
    int cpu = 0;
    while (!CPU_ISSET(cpu, &saved))
        cpu++;
    CPU_ZERO(&one);
    CPU_SET(cpu, &one);
    assert_int_equal(sched_setaffinity(0, sizeof one, &one), 0);
    int n_workers = proc_default_workers();
    assert_int_equal(sched_setaffinity(0, sizeof saved, &saved), 0);
    assert_int_equal(n_workers, 1);
}

#define TEST(function) cmocka_unit_test_teardown(function, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_proc_run__returns_output_and_exit_code),
        TEST(test_proc_run__returns_empty_texts_when_nothing_is_printed),
        TEST(test_proc_run__returns_the_signal),
        TEST(test_proc_run__carries_errno_when_it_cannot_start),
        TEST(test_proc_run__keeps_both_streams_when_both_are_larger_than_a_pipe),
        TEST(test_proc_run__waits_for_exit_when_the_program_closed_its_streams),
        TEST(test_proc_run__gives_no_stdin),
        TEST(test_proc_run__sets_the_c_locale_and_keeps_the_rest_of_the_environment),
        TEST(test_proc_run__uses_a_process_group_of_its_own),
        TEST(test_proc_run__leaves_no_descriptors_open_here_or_there),
        TEST(test_proc_run__kills_the_group_when_time_is_up),
        TEST(test_proc_run__times_out_when_the_program_is_stopped),
        TEST(test_proc_run__times_out_when_output_never_pauses),
        TEST(test_proc_run__returns_at_exit_when_a_grandchild_keeps_the_pipes_open),
        TEST(test_proc_run__returns_at_exit_when_somebody_left_the_group_and_writes),
        TEST(test_proc_run__kills_only_its_group),
        TEST(test_proc_run__stops_a_flood),
        TEST(test_proc_run__allows_as_much_output_as_the_maximum),
        TEST(test_proc_run__does_not_report_success_when_sigchld_is_ignored),
        TEST(test_proc_run__keeps_programs_apart_when_threads_run_them),
        TEST(test_proc_run_until__ends_the_group_at_the_line),
        TEST(test_proc_run_until__knows_a_line_that_comes_in_pieces),
        TEST(test_proc_run_until__wants_the_line_whole_and_on_stdout),
        TEST(test_proc_run_until__leaves_a_program_that_ends_itself_its_exit_code),
        TEST(test_proc_run__says_how_long_it_took),
        TEST(test_proc_describe__says_how_it_ended),
        TEST(test_proc_find__looks_in_path_as_execvp_does),
        TEST(test_proc_parallel__does_each_item_once),
        TEST(test_proc_parallel__works_in_order_and_in_this_thread_when_alone),
        TEST(test_proc_parallel__has_as_many_items_in_work_as_workers),
        TEST(test_proc_default_workers__counts_what_this_process_may_use),
    };
    alarm(240); /* what must not hang, and hangs, ends this program */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
