/* What must not cost more than it has to: finding a registration, and system calls, which are
 * counted by ptrace(2) of a child.
 */
#include <stdlib.h>

#include "contract.h"

#if defined(__linux__)
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#endif

/* Changes and events of the highest of many descriptors, against those of few. The bound is wide,
 * as a busy machine needs: a linear search would be some 300 times slower. */
static void lookup_takes_longer_with_more_descriptors(void)
{
    enum { N = 1000, ROUNDS = 7 };
    struct abp_loop *loop = open_loop(NULL);
    int64_t best[2] = {INT64_MAX, INT64_MAX};
    int fds[2], last[2];

    make_pair(fds);
    send_bytes(fds[1], "x");
    last[0] = fds[0];
    for (int i = 0; i < N; i += 2) {
        int idle[2];
        make_pair(idle);
        CHECK_INT(0, abp_loop_add_read(loop, idle[0], NULL));
        CHECK_INT(0, abp_loop_add_read(loop, idle[1], NULL));
    }
    last[1] = keep(dup(fds[0]));
    struct abp_event event;
    for (int round = 0; round < ROUNDS; round++) {
        for (int which = 0; which < 2; which++) {
            int64_t begin = now_ns();
            for (int i = 0; i < 200; i++) {
                CHECK_INT(0, abp_loop_add_read(loop, last[which], NULL));
                CHECK_INT(1, abp_loop_wait(loop, &event, 1, 0));
                CHECK_INT(0, abp_loop_del_read(loop, last[which]));
            }
            int64_t took = now_ns() - begin;
            best[which] = took < best[which] ? took : best[which];
        }
    }
    CHECK_BETWEEN(0, best[0] * 4, best[1]);
}

/* ---- memory ---- */

static void *count_and_reallocate(void *context, void *memory, size_t old_bytes, size_t new_bytes)
{
    int *n_calls = context;

    (void)old_bytes;
    if (new_bytes == 0) {
        free(memory);
        return NULL;
    }
    (*n_calls)++;
    return realloc(memory, new_bytes);
}

/* A table that grew by one each time would be copied for each descriptor. */
static void table_is_allocated_too_often(void)
{
    enum { N = 600 };
    int n_calls = 0, fds[2];
    struct abp_loop_options options = {.reallocate = count_and_reallocate,
                                       .allocator_context = &n_calls};

    make_pair(fds);
    for (unsigned room = 0; room <= 2 * N; room += 2 * N) {
        options.n_fds = room;
        struct abp_loop *loop = open_loop(&options);
        int at_init = n_calls;
        for (int i = 0; i < N; i++)
            CHECK_INT(0, abp_loop_add_read(loop, i % 2 == 0 ? keep(dup(fds[0])) : fds[1], NULL));
        CHECK_BETWEEN(0, room > 0 ? 0 : 5, n_calls - at_init); /* 64, 128, 256, 512, 1024 */
        CHECK_BETWEEN(room > 0 ? 1 : 0, 2, at_init);
        reset();
        n_calls = 0;
        make_pair(fds);
    }
}

/* ---- system calls ---- */

#if defined(__linux__)

/* What the child does, `times` times. */
typedef void (*action)(struct abp_loop *loop, int fd, int times);

static void nothing(struct abp_loop *loop, int fd, int times)
{
    (void)loop;
    (void)fd;
    (void)times;
}

static void wait_and_look(struct abp_loop *loop, int fd, int times)
{
    (void)fd;
    struct abp_event events[4];
    for (int i = 0; i < times; i++) {
        int n = abp_loop_wait(loop, events, 4, 0);
        for (int k = 0; k < n; k++)
            (void)abp_loop_still_ready(loop, &events[k]);
    }
}

static void ask_for_bytes(struct abp_loop *loop, int fd, int times)
{
    struct abp_event event = {.fd = fd, .nbytes = -1};

    (void)loop;
    for (int i = 0; i < times; i++)
        (void)abp_event_nbytes(&event);
}

static void add_and_remove(struct abp_loop *loop, int fd, int times)
{
    for (int i = 0; i < times; i++) {
        (void)abp_loop_del(loop, fd);
        (void)abp_loop_del(loop, fd); /* nothing to do any more */
        (void)abp_loop_add_write(loop, fd, NULL);
        (void)abp_loop_add_read(loop, fd, NULL);
    }
}

static void wake_often(struct abp_loop *loop, int fd, int times)
{
    (void)fd;
    for (int i = 0; i < times; i++)
        (void)abp_loop_wake(loop);
}

/* The system calls of a child that acts, and of nothing else in it but stopping and ending. */
static int count_calls(struct abp_loop *loop, int fd, action act, int times)
{
    pid_t child = fork();

    if (child == 0) {
        if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0)
            _exit(77);
        (void)raise(SIGSTOP);
        act(loop, fd, times);
        _exit(0);
    }
    CHECK(child > 0);
    int status;
    CHECK_INT(child, waitpid(child, &status, 0));
    if (WIFEXITED(status) && WEXITSTATUS(status) == 77)
        SKIP("no ptrace here");
    CHECK(WIFSTOPPED(status));
    CHECK_INT(0, ptrace(PTRACE_SETOPTIONS, child, NULL, PTRACE_O_TRACESYSGOOD));
    int n_stops = 0;
    while (WIFSTOPPED(status)) {
        CHECK_INT(0, ptrace(PTRACE_SYSCALL, child, NULL, NULL));
        CHECK_INT(child, waitpid(child, &status, 0));
        n_stops += WIFSTOPPED(status) && WSTOPSIG(status) == (SIGTRAP | 0x80);
    }
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    return n_stops / 2; /* one at entry, one at exit; _exit does not come back */
}

#endif

static void more_system_calls_than_needed(void)
{
#if defined(__linux__)
    enum { TIMES = 20 };
    static const struct {
        action act;
        int calls; /* of TIMES */
    } rows[] = {
        {wait_and_look, TIMES},      /* one wait each, and nothing for the events */
        {ask_for_bytes, TIMES},      /* one each when asked for */
        {add_and_remove, 3 * TIMES}, /* one a change; none for what is not there */
        {wake_often, 1},             /* one for all that nobody has taken */
    };
    struct abp_loop *loop = open_loop(NULL);

    if (BACKEND_IS_EMULATED)
        SKIP("the emulated kernel makes system calls itself");
    int fds[2];
    make_pair(fds);
    send_bytes(fds[1], "x");
    CHECK_INT(0, abp_loop_add_read(loop, fds[0], NULL));
    CHECK_INT(0, abp_loop_add_write(loop, fds[0], NULL));
    int before = count_calls(loop, fds[0], nothing, TIMES);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        CHECK_INT(rows[i].calls, count_calls(loop, fds[0], rows[i].act, TIMES) - before);
#else
    SKIP("counted on Linux alone");
#endif
}

static const struct test tests[] = {
    TEST(lookup_takes_longer_with_more_descriptors), /* L14 */
    TEST(table_is_allocated_too_often),              /* L14 */
    TEST(more_system_calls_than_needed),             /* L25, L2, L10 */
};

const struct test_list cost_tests = {tests, sizeof tests / sizeof tests[0]};
