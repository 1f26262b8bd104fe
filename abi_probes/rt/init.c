/* init.c - the first program of a kernel that is booted for the probes.
 *
 * In: an initramfs with the file /probes: a bound in seconds for each program, then one path of a
 * program per line. Out, on the console:
 *
 *     # boot begin
 *     # kernel Linux 6.1.0-37-arm64 #1 SMP Debian 6.1.140-1 (2025-05-22) aarch64
 *     # begin epoll/binding
 *     (what the program printed)
 *     # end epoll/binding exit=0 bytes=1234 sum=89abcdef
 *     # boot end
 *
 * and the machine powered off. Reading that is gen/witness/boot_console.c.
 *
 * Design: a console is no pipe. It turns \n into \r\n, the kernel writes between our lines, and a
 * byte may be lost. So each program writes into a pipe, as it does when it is not booted, and what
 * came out of it is passed on with its length and its sum: what is damaged on the way is known to
 * be. A program that hangs is killed, and those after it still have their turn.
 */
#include "rt.h"

#include <asm/ioctls.h>
#include <asm/signal.h>
#include <asm/unistd.h>
#include <linux/fcntl.h>
#include <linux/reboot.h>

enum { CONSOLE = 1, LIST_BYTES = 16 * 1024, OUTPUT_BYTES = 64 * 1024 };

struct timeout { /* as ppoll wants it: struct timespec of words */
    long seconds;
    long nanoseconds;
};

struct poll { /* struct pollfd, which has one shape everywhere */
    int fd;
    short events;
    short revents;
};

static char list[LIST_BYTES];
static long bound_seconds;
static char output[OUTPUT_BYTES];

/* ---- the console --------------------------------------------------------------------------- */

static void put(const char *bytes, size_t n_bytes)
{
    while (n_bytes > 0) {
        long n = rt_write(CONSOLE, bytes, n_bytes);
        if (n == -EINTR || n == -EAGAIN)
            continue;
        if (n <= 0)
            return; /* nowhere to report it to; the reader misses the rest */
        bytes += n;
        n_bytes -= (size_t)n;
    }
}

static size_t length_of(const char *text)
{
    size_t n = 0;
    while (text[n] != '\0')
        n++;
    return n;
}

static void say(const char *text)
{
    put(text, length_of(text));
}

static void describe_number(uint32_t number)
{
    char digits[11];
    size_t n = sizeof digits;

    do {
        digits[--n] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    put(digits + n, sizeof digits - n);
}

static void describe_hex(uint32_t number)
{
    for (int i = 0; i < 8; i++) {
        put(&"0123456789abcdef"[number >> 28], 1);
        number <<= 4;
    }
}

/* A kernel with a wrong console, or none, leaves us without descriptors, and the first that a probe
 * opens would be taken for its output. */
static void open_console(void)
{
    while (rt_write(CONSOLE, "", 0) < 0) {
        long fd =
            rt_syscall(__NR_openat, -100 /* AT_FDCWD */, (long)"/dev/console", O_RDWR, 0, 0, 0);
        if (fd < 0 || fd > CONSOLE)
            return; /* nothing will be read; the reader's bound ends it */
    }
}

/* ---- one program --------------------------------------------------------------------------- */

/* What became of it: its exit code, 1000 + the signal that ended it, or one of these. */
enum { CODE_SIGNAL = 1000, CODE_HUNG = 2000, CODE_FLOODED = 2001, CODE_NOT_STARTED = 2002 };

/* 0 in the child, its number in init. */
static long fork(void)
{
#if defined(__NR_fork)
    long pid = rt_syscall(__NR_fork, 0, 0, 0, 0, 0, 0);
#else
    long pid = rt_syscall(__NR_clone, SIGCHLD, 0, 0, 0, 0, 0);
#endif
#if defined(__sparc__)
    /* Each gets the other's number; o1 tells the child, and rt_syscall has but one result
     * (sparc_do_fork in arch/sparc/kernel/process.c). init itself is always process 1. */
    if (pid > 0 && rt_syscall(__NR_getpid, 0, 0, 0, 0, 0, 0) != 1)
        pid = 0;
#endif
    return pid;
}

static _Noreturn void become(const char *path, int writer)
{
    const char *const argv[] = {path, NULL};

    (void)rt_syscall(__NR_dup3, writer, 1, 0, 0, 0, 0);
    (void)rt_syscall(__NR_dup3, writer, 2, 0, 0, 0, 0);
    const char *const environment[] = {NULL};
    (void)rt_syscall(__NR_execve, (long)path, (long)argv, (long)environment, 0, 0, 0);
    rt_exit(127);
}

/* Reads until the program closes its end, is late, or prints too much. Returns 0 or the code. */
static int gather(int fd, size_t *n_bytes)
{
    struct timeout left = {bound_seconds, 0}; /* the kernel counts it down */

    for (;;) {
        struct poll wait = {fd, 1 /* POLLIN */, 0};
        long n = rt_syscall(__NR_ppoll, (long)&wait, 1, (long)&left, 0, 0, 0);
        if (n == -EINTR)
            continue;
        if (n <= 0)
            return CODE_HUNG;
        if (*n_bytes == sizeof output)
            return CODE_FLOODED;
        n = rt_read(fd, output + *n_bytes, sizeof output - *n_bytes);
        if (n == 0)
            return 0;
        if (n > 0)
            *n_bytes += (size_t)n;
    }
}

static int run(const char *path, size_t *n_bytes)
{
    int fds[2];

    if (rt_syscall(__NR_pipe2, (long)fds, O_CLOEXEC, 0, 0, 0, 0) != 0)
        return CODE_NOT_STARTED;
    long pid = fork();
    if (pid == 0)
        become(path, fds[1]);
    (void)rt_close(fds[1]);
    int code = pid < 0 ? CODE_NOT_STARTED : gather(fds[0], n_bytes);
    (void)rt_close(fds[0]);
    if (pid < 0)
        return code;
    if (code != 0)
        (void)rt_syscall(__NR_kill, pid, SIGKILL, 0, 0, 0, 0);
    int status = 0;
    while (rt_syscall(__NR_wait4, pid, (long)&status, 0, 0, 0, 0) == -EINTR) {
    }
    if (code != 0)
        return code;
    return (status & 0x7f) != 0 ? CODE_SIGNAL + (status & 0x7f) : status >> 8 & 0xff;
}

/* Adler-32 (RFC 1950, 8.2), with the remainder by subtraction. */
static uint32_t sum_of(const char *bytes, size_t n_bytes)
{
    enum { PRIME = 65521 };
    uint32_t low = 1;
    uint32_t high = 0;

    for (size_t i = 0; i < n_bytes; i++) {
        low += (unsigned char)bytes[i];
        low -= low >= PRIME ? PRIME : 0;
        high += low;
        high -= high >= PRIME ? PRIME : 0;
    }
    return high << 16 | low;
}

static void run_and_report(const char *path)
{
    say("# begin ");
    say(path);
    say("\n");
    size_t n_bytes = 0;
    int code = run(path, &n_bytes);
    put(output, n_bytes);
    if (n_bytes > 0 && output[n_bytes - 1] != '\n')
        say("\n"); /* a frame's end starts a line; the length tells that this one was ours */
    say("# end ");
    say(path);
    say(" exit=");
    describe_number((uint32_t)code);
    say(" bytes=");
    describe_number((uint32_t)n_bytes);
    say(" sum=");
    describe_hex(sum_of(output, n_bytes));
    say("\n");
}

/* ---- the whole ----------------------------------------------------------------------------- */

static void update_kernel(void)
{
    enum { FIELD = 65, SYSTEM = 0, RELEASE = 2, VERSION = 3, MACHINE = 4, N_FIELDS = 6 };
    static const int shown[] = {SYSTEM, RELEASE, VERSION, MACHINE};
    static char names[N_FIELDS * FIELD]; /* struct new_utsname, linux/utsname.h */

    if (rt_syscall(__NR_uname, (long)names, 0, 0, 0, 0, 0) < 0)
        return;
    say("# kernel");
    for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++) {
        say(" ");
        say(names + (ptrdiff_t)shown[i] * FIELD);
    }
    say("\n");
}

static void run_all(void)
{
    long fd = rt_syscall(__NR_openat, -100 /* AT_FDCWD */, (long)"/probes", O_RDONLY | O_CLOEXEC, 0,
                         0, 0);
    long n = rt_read((int)fd, list, sizeof list);

    (void)rt_close((int)fd);
    long i = 0;
    for (; i < n && list[i] != '\n'; i++)
        bound_seconds = bound_seconds * 10 + (list[i] - '0');
    for (long start = ++i; i < n; i++) {
        if (list[i] == '\n') {
            list[i] = '\0';
            run_and_report(list + start);
            start = i + 1;
        }
    }
}

/* The last line must be out of the machine before it is off. */
static _Noreturn void power_off(void)
{
    (void)rt_syscall(__NR_ioctl, CONSOLE, TCSBRK, 1, 0, 0, 0); /* tcdrain(3) */
    (void)rt_syscall(__NR_reboot, (long)LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2,
                     (long)LINUX_REBOOT_CMD_POWER_OFF, 0, 0, 0);
    rt_exit(0); /* of init: the kernel panics, and restarts as its command line says */
}

void probe_main(void)
{
    open_console();
    say("\n# boot begin\n");
    update_kernel();
    run_all();
    say("# boot end\n");
    power_off();
}
