/* Tests of diag.c: the form of messages, and that they reach stderr whole and in one write. */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/diag.h"

static struct arena arena;

static int setup(void **state)
{
    static struct diag diag;
    diag_init(&diag, &arena, false);
    *state = &diag;
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

/* Puts fd in the place of stderr. Returns the old stderr, to give to restore_stderr. */
static int replace_stderr(int fd)
{
    int saved = dup(STDERR_FILENO);
    assert_true(saved >= 0);
    assert_int_equal(dup2(fd, STDERR_FILENO), STDERR_FILENO);
    return saved;
}

static void restore_stderr(int saved)
{
    dup2(saved, STDERR_FILENO);
    close(saved);
}

static void test_diag_error__gives_as_much_of_the_location_as_is_known(void **state)
{
    static const struct {
        struct location location;
        const char *expected;
    } rows[] = {
        {{"a.yaml", 3, 5}, "a.yaml:3:5: error: bad 7\n"},
        {{"a.yaml", 3, 0}, "a.yaml:3: error: bad 7\n"},
        {{"a.yaml", 0, 5}, "a.yaml: error: bad 7\n"},
        {{"a.yaml", 0, 0}, "a.yaml: error: bad 7\n"},
        {{NULL, 0, 0}, "abiproof: error: bad 7\n"},
        {{NULL, 3, 5}, "abiproof: error: bad 7\n"},
    };
    struct diag *diag = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t start = diag->text.len;
        diag_error(diag, rows[i].location, "bad %d", 7);
        assert_string_equal(str_text(&diag->text) + start, rows[i].expected);
    }
    assert_int_equal(diag->n_errors, sizeof rows / sizeof rows[0]);
}

static void test_diag_note__is_kept_and_not_counted_when_verbose(void **state)
{
    struct diag *diag = *state;
    diag_init(diag, &arena, true);
    diag_note(diag, (struct location){"a.yaml", 3, 5}, "read %s", "it");
    diag_note(diag, (struct location){0}, "done");
    assert_string_equal(str_text(&diag->text), "a.yaml:3:5: note: read it\nabiproof: note: done\n");
    assert_int_equal(diag->n_errors, 0);
}

static void test_diag_note__is_dropped_when_not_verbose(void **state)
{
    struct diag *diag = *state;
    diag_note(diag, (struct location){"a.yaml", 3, 5}, "read %s", "it");
    assert_string_equal(str_text(&diag->text), "");
}

static void test_diag_flush__uses_one_write_and_keeps_the_count(void **state)
{
    /* On a datagram socket each write is one message. */
    struct diag *diag = *state;
    int ends[2];
    assert_int_equal(socketpair(AF_UNIX, SOCK_DGRAM, 0, ends), 0);
    diag_error(diag, (struct location){"a", 1, 0}, "one");
    diag_error(diag, (struct location){"b", 2, 0}, "two");

    int saved = replace_stderr(ends[1]);
    diag_flush(diag);
    diag_flush(diag); /* nothing left: must write nothing */
    restore_stderr(saved);

    char got[256] = "";
    assert_int_equal(recv(ends[0], got, sizeof got - 1, MSG_DONTWAIT),
                     strlen("a:1: error: one\nb:2: error: two\n"));
    assert_string_equal(got, "a:1: error: one\nb:2: error: two\n");
    assert_int_equal(recv(ends[0], got, sizeof got, MSG_DONTWAIT), -1);
    assert_int_equal(errno, EAGAIN);
    assert_int_equal(diag->n_errors, 2);

    diag_error(diag, (struct location){0}, "three");
    assert_string_equal(str_text(&diag->text), "abiproof: error: three\n");
    close(ends[0]);
    close(ends[1]);
}

static void on_alarm(int signal_number)
{
    (void)signal_number;
}

struct slow_reader {
    int fd;
    struct str text;
};

static void *read_slowly(void *argument)
{
    struct slow_reader *reader = argument;
    char buffer[20000];
    ssize_t n_read;
    while (poll(NULL, 0, 2), (n_read = read(reader->fd, buffer, sizeof buffer)) != 0)
        if (n_read > 0)
            str_add_bytes(&reader->text, buffer, (size_t)n_read);
    return NULL;
}

static void test_diag_flush__writes_all_when_signals_cut_writes_short(void **state)
{
    struct diag *diag = *state;
    int fds[2];
    assert_int_equal(pipe(fds), 0);
    for (int i = 0; i < 10000; i++)
        diag_error(diag, (struct location){"some/file.facts", i + 1, 0},
                   "an error of about a line");
    char *expected = arena_strdup(&arena, str_text(&diag->text));

    /* The thread inherits a blocked SIGALRM, so that only the writer is interrupted. */
    sigset_t alarm_only;
    sigemptyset(&alarm_only);
    sigaddset(&alarm_only, SIGALRM);
    pthread_sigmask(SIG_BLOCK, &alarm_only, NULL);
    struct arena reader_arena = {0};
    struct slow_reader reader = {.fd = fds[0], .text = {.arena = &reader_arena}};
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, read_slowly, &reader), 0);
    pthread_sigmask(SIG_UNBLOCK, &alarm_only, NULL);
    struct sigaction action = {.sa_handler = on_alarm}; /* no SA_RESTART */
    struct sigaction old_action;
    sigaction(SIGALRM, &action, &old_action);
    struct itimerval every_ms = {{0, 1000}, {0, 1000}};
    setitimer(ITIMER_REAL, &every_ms, NULL);

    int saved = replace_stderr(fds[1]);
    diag_flush(diag);
    restore_stderr(saved);

    setitimer(ITIMER_REAL, &(struct itimerval){0}, NULL);
    sigaction(SIGALRM, &old_action, NULL);
    close(fds[1]);
    pthread_join(thread, NULL);
    close(fds[0]);
    assert_int_equal(reader.text.len, strlen(expected));
    assert_true(strcmp(str_text(&reader.text), expected) == 0);
    arena_release(&reader_arena);
}

static void test_diag_flush__returns_when_stderr_is_closed(void **state)
{
    struct diag *diag = *state;
    diag_error(diag, (struct location){0}, "nobody reads this");
    int saved = dup(STDERR_FILENO);
    close(STDERR_FILENO);
    diag_flush(diag);
    restore_stderr(saved);
    assert_string_equal(str_text(&diag->text), "");
}

/* Calls diag_die with %s in a child. Returns its wait status and puts its stderr in got. */
static int die_in_child(const char *message, char *got, size_t capacity)
{
    int fds[2];
    assert_int_equal(pipe(fds), 0);
    pid_t pid = fork();
    if (pid == 0) {
        dup2(fds[1], STDERR_FILENO);
        diag_die("%s", message);
    }
    close(fds[1]);
    ssize_t n_read = read(fds[0], got, capacity - 1);
    got[n_read > 0 ? n_read : 0] = '\0';
    close(fds[0]);
    int status = -1;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return status;
}

static void test_diag_die__ends_the_program_with_usage(void **state)
{
    (void)state;
    char got[4096];
    int status = die_in_child("out of memory", got, sizeof got);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), EXIT_USAGE);
    assert_string_equal(got, "abiproof: out of memory\n");
}

static void test_diag_die__cuts_the_message_when_it_is_long(void **state)
{
    (void)state;
    for (size_t n_bytes = 1000; n_bytes < 1030; n_bytes++) {
        char got[4096], message[2000] = "";
        memset(message, 'x', n_bytes);
        int status = die_in_child(message, got, sizeof got);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), EXIT_USAGE);
        size_t len = strlen(got);
        assert_true(strncmp(got, "abiproof: xxx", 13) == 0);
        assert_int_equal(got[len - 1], '\n');
        size_t n_kept = strspn(got + 10, "x");
        assert_int_equal(n_kept, len - 11);
        assert_true(n_kept <= n_bytes && n_kept >= 1000);
    }
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_diag_error__gives_as_much_of_the_location_as_is_known),
        TEST(test_diag_note__is_kept_and_not_counted_when_verbose),
        TEST(test_diag_note__is_dropped_when_not_verbose),
        TEST(test_diag_flush__uses_one_write_and_keeps_the_count),
        TEST(test_diag_flush__writes_all_when_signals_cut_writes_short),
        TEST(test_diag_flush__returns_when_stderr_is_closed),
        TEST(test_diag_die__ends_the_program_with_usage),
        TEST(test_diag_die__cuts_the_message_when_it_is_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
