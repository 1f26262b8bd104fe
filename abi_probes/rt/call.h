/* call.h - what a binding's wrappers ask of the kernel, before it is asked.
 *
 * In: the wrappers of one header, raw_sys_NAME, and of raw.h raw_syscall0 to raw_syscall6, from the
 * folder that -iquote names. Out: `behaviour raw_sys_NAME` facts: number, arguments and result as
 * they should be and as they were; `behaviour raw_syscallN.*` facts.
 *
 * Design: a wrapper is static inline and ends in a raw_syscallN. Here those names are macros by the
 * time that the header is read, so that every wrapper calls a recorder with the body that a program
 * would have. What is expected comes from the spec's types and from the kernel's <asm/unistd.h>,
 * and nothing of it from the header. Each argument has a value of its own; integers are negative,
 * or large if they are unsigned, so that a wrong extension to a register shows.
 *
 * That leaves raw_syscallN itself. Each is tried on a call in which every argument has an effect
 * that can be seen, and on one that fails, since how an error is returned differs by machine. Where
 * the machine does not have the call, by the word of rt_syscall, that is reported.
 *
 * To be included once, before the binding's header.
 */
#ifndef ABIPROOF_CALL_H
#define ABIPROOF_CALL_H

#include "probe.h"

#include "raw.h"

#include <asm/unistd.h>
#include <linux/eventpoll.h>
#include <linux/fcntl.h>
#include <linux/stat.h>

/* Bytes of the kernel's signal mask: _NSIG of its <asm/signal.h>, which programs do not see on
 * every machine, is 128 on mips and 64 elsewhere. */
#ifdef __mips__
#define CALL_SIGSET_SIZE 16
#else
#define CALL_SIGSET_SIZE 8
#endif

/* What the recorder gives back for the kernel. */
#define CALL_RESULT 0x1234567L

/* ---- wrappers ------------------------------------------------------------------------------ */

struct call {
    long number;
    int n_args;
    long args[6];
};

/* One that is expected, and those that were made since then. */
enum { CALLS_MAX = 3 };
struct calls {
    struct call expected;
    bool expects_none;
    struct call made[CALLS_MAX];
    size_t n_made;
};
static struct calls calls;

/* Where pointers point to. */
enum { N_CALL_PLACES = 8, CALL_PLACE_BYTES = 64 };
static char call_places[N_CALL_PLACES][CALL_PLACE_BYTES] __attribute__((aligned(64)));

/* The address of the k-th place, for a pointer. */
static inline void *call_place(size_t k)
{
    return call_places[k];
}

/* What the next wrapper is to ask. */
static inline void call_expect(long number, int n_args, long a, long b, long c, long d, long e,
                               long f)
{
    calls = (struct calls){.expected = {number, n_args, {a, b, c, d, e, f}}};
}

static inline void call_expect_none(void)
{
    calls = (struct calls){.expects_none = true};
}

static inline long call_record(long number, int n_args, long a, long b, long c, long d, long e,
                               long f)
{
    if (calls.n_made < CALLS_MAX)
        calls.made[calls.n_made++] = (struct call){number, n_args, {a, b, c, d, e, f}};
    return CALL_RESULT;
}

/* A pointer by its place, which has no address of this machine: "place3". */
static inline void call_put_argument(long argument)
{
    for (unsigned k = 0; k < N_CALL_PLACES; k++)
        if (argument == (long)call_places[k]) {
            rt_put("place");
            rt_put_unsigned(k);
            return;
        }
    rt_put_hex((unsigned long)argument);
}

/* "286(0xffffffff90000000,place1)" */
static inline void call_put(const struct call *call)
{
    rt_put_signed(call->number);
    rt_put("(");
    for (int i = 0; i < call->n_args; i++) {
        rt_put(i > 0 ? "," : "");
        call_put_argument(call->args[i]);
    }
    rt_put(")");
}

/* Prints what was expected of the wrapper `name` and what it asked, with what it returned. */
static inline void call_done(const char *name, long expected, long returned)
{
    rt_put("behaviour ");
    rt_put(name);
    rt_put(" expected=");
    if (!calls.expects_none)
        call_put(&calls.expected);
    rt_put("=");
    rt_put_result(expected);
    rt_put(" got=");
    for (size_t i = 0; i < calls.n_made; i++) {
        rt_put(i > 0 ? ";" : "");
        call_put(&calls.made[i]);
    }
    rt_put("=");
    rt_put_result(returned);
    rt_put("\n");
}

/* ---- raw_syscall0 to raw_syscall6 ---------------------------------------------------------- */

static inline void call_try_0(void)
{
    probe_result("raw_syscall0.number", rt_syscall(__NR_gettid, 0, 0, 0, 0, 0, 0),
                 raw_syscall0(__NR_gettid));
}

static inline void call_try_1(void)
{
    int fd = rt_file();

    probe_result("raw_syscall1.result", 0, raw_syscall1(__NR_close, fd));
    probe_result("raw_syscall1.argument-1", -EBADF, rt_fcntl(fd, F_GETFD, 0));
    probe_result("raw_syscall1.error", -EBADF, raw_syscall1(__NR_close, -1));
}

static inline void call_try_2(void)
{
    enum { COUNT = 41, UNKNOWN = 1 << 30 };
    uint64_t count = 0;
    int fd = (int)raw_syscall2(__NR_eventfd2, COUNT, O_CLOEXEC | O_NONBLOCK);

    (void)rt_read(fd, &count, sizeof count);
    probe_word("raw_syscall2.argument-1", COUNT, count);
    probe_holds("raw_syscall2.argument-2", rt_is_cloexec(fd));
    probe_result("raw_syscall2.error", -EINVAL, raw_syscall2(__NR_eventfd2, 0, UNKNOWN));
}

static inline void call_try_3(void)
{
    enum { COPY = 100, N_BYTES = 5 };
    char bytes[N_BYTES] = {0};
    int fds[2];

    rt_pipe(fds);
    probe_result("raw_syscall3.argument-2", COPY, raw_syscall3(__NR_dup3, fds[1], COPY, O_CLOEXEC));
    probe_holds("raw_syscall3.argument-3", rt_is_cloexec(COPY));
    (void)rt_write(COPY, "bytes", N_BYTES);
    probe_result("raw_syscall3.argument-1", N_BYTES, rt_read(fds[0], bytes, sizeof bytes));
    probe_result("raw_syscall3.error", -EBADF, raw_syscall3(__NR_dup3, -1, COPY, O_CLOEXEC));
    (void)rt_close(COPY);
    rt_close_both(fds);
}

static inline void call_try_4(void)
{
    struct epoll_event event = {.events = EPOLLOUT, .data = 0x0102030405060708};
    struct epoll_event ready = {0};
    int fds[2];
    int epfd = (int)rt_syscall(__NR_epoll_create1, 0, 0, 0, 0, 0, 0);

    rt_pipe(fds);
    probe_result("raw_syscall4.result", 0,
                 raw_syscall4(__NR_epoll_ctl, epfd, EPOLL_CTL_ADD, fds[1], (long)&event));
    probe_result("raw_syscall4.arguments-1-to-3", 1,
                 rt_syscall(__NR_epoll_pwait, epfd, (long)&ready, 1, 0, 0, CALL_SIGSET_SIZE));
    probe_word("raw_syscall4.argument-4", event.data, ready.data);
    probe_result("raw_syscall4.error", -EEXIST,
                 raw_syscall4(__NR_epoll_ctl, epfd, EPOLL_CTL_ADD, fds[1], (long)&event));
    (void)rt_close(epfd);
    rt_close_both(fds);
}

/* A file of this size, by a call in which only the right arguments give it. */
static inline void call_try_5(void)
{
    enum { N_BYTES = 123 };
    const long reserved = (long)(STATX_SIZE | 0x80000000UL);
    struct statx status = {0};
    int fd = rt_file();

    (void)rt_set_size(fd, N_BYTES);
    if (rt_syscall(__NR_statx, fd, (long)"", AT_EMPTY_PATH, STATX_SIZE, (long)&status, 0) != 0) {
        probe_not_checked("raw_syscall5", "statx: not on this machine");
    } else {
        memset(&status, 0, sizeof status);
        probe_result(
            "raw_syscall5.result", 0,
            raw_syscall5(__NR_statx, fd, (long)"", AT_EMPTY_PATH, STATX_SIZE, (long)&status));
        probe_word("raw_syscall5.arguments-1-and-5", N_BYTES, status.stx_size);
        probe_result("raw_syscall5.argument-2", -ENOTDIR,
                     raw_syscall5(__NR_statx, fd, (long)"no such file", AT_EMPTY_PATH, STATX_SIZE,
                                  (long)&status));
        probe_result("raw_syscall5.argument-3", -ENOENT,
                     raw_syscall5(__NR_statx, fd, (long)"", 0, STATX_SIZE, (long)&status));
        probe_result(
            "raw_syscall5.argument-4",
            rt_syscall(__NR_statx, fd, (long)"", AT_EMPTY_PATH, reserved, (long)&status, 0),
            raw_syscall5(__NR_statx, fd, (long)"", AT_EMPTY_PATH, reserved, (long)&status));
    }
    (void)rt_close(fd);
}

/* Some bytes from the middle of one file into the middle of another. */
static inline void call_try_6(void)
{
    enum { N_BYTES = 7, FROM = 3, TO = 5, LENGTH = 16 };
    int64_t from = FROM, to = TO;
    int in = rt_file(), out = rt_file();

    (void)rt_write(in, "0123456789abcdef", LENGTH);
    if (rt_syscall(__NR_copy_file_range, in, (long)&from, out, (long)&to, N_BYTES, 0) != N_BYTES) {
        probe_not_checked("raw_syscall6", "copy_file_range: not on this machine");
    } else {
        char bytes[LENGTH] = {0};
        from = FROM, to = TO;
        probe_result(
            "raw_syscall6.argument-5", N_BYTES,
            raw_syscall6(__NR_copy_file_range, in, (long)&from, out, (long)&to, N_BYTES, 0));
        probe_word("raw_syscall6.argument-2", FROM + N_BYTES, (uint64_t)from);
        probe_word("raw_syscall6.argument-4", TO + N_BYTES, (uint64_t)to);
        probe_result("raw_syscall6.argument-3", TO + N_BYTES, rt_read(out, bytes, sizeof bytes));
        probe_holds("raw_syscall6.argument-1", memcmp(bytes + TO, "3456789", N_BYTES) == 0);
        probe_result(
            "raw_syscall6.argument-6",
            rt_syscall(__NR_copy_file_range, in, (long)&from, out, (long)&to, N_BYTES, 64),
            raw_syscall6(__NR_copy_file_range, in, (long)&from, out, (long)&to, N_BYTES, 64));
    }
    (void)rt_close(in);
    (void)rt_close(out);
}

/* From here on every wrapper calls the recorder. */
#define raw_syscall0(number)                   call_record(number, 0, 0, 0, 0, 0, 0, 0)
#define raw_syscall1(number, a)                call_record(number, 1, a, 0, 0, 0, 0, 0)
#define raw_syscall2(number, a, b)             call_record(number, 2, a, b, 0, 0, 0, 0)
#define raw_syscall3(number, a, b, c)          call_record(number, 3, a, b, c, 0, 0, 0)
#define raw_syscall4(number, a, b, c, d)       call_record(number, 4, a, b, c, d, 0, 0)
#define raw_syscall5(number, a, b, c, d, e)    call_record(number, 5, a, b, c, d, e, 0)
#define raw_syscall6(number, a, b, c, d, e, f) call_record(number, 6, a, b, c, d, e, f)

#endif
