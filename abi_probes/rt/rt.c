/* rt.c - the part of a probe's runtime that is the same on every architecture.
 *
 * In: rt_syscall() of the architecture's assembly file, numbers from its <asm/unistd.h>. Out: rt.h.
 *
 * Design: nothing here may need the compiler's support library, which is not linked either. On
 * 32-bit targets that forbids dividing 64-bit numbers and shifting them by a variable; numbers are
 * therefore printed by doubling and by constant shifts.
 */
#include "rt.h"

#include <asm/unistd.h>
#include <linux/fcntl.h>

enum { STDOUT = 1, STDERR = 2, EXIT_ENVIRONMENT = 2 };

static char output[4096];
static size_t n_output;

/* ---- text ---------------------------------------------------------------------------------- */

static size_t length_of(const char *text)
{
    size_t n = 0;
    while (text[n] != '\0')
        n++;
    return n;
}

/* Writes all of it. A signal or a full pipe may cut any write(2) short. */
static bool write_all(int fd, const char *bytes, size_t n_bytes)
{
    while (n_bytes > 0) {
        long n = rt_write(fd, bytes, n_bytes);
        if (n == -EINTR)
            continue;
        if (n <= 0) /* 0 too: going on would never end */
            return false;
        bytes += n;
        n_bytes -= (size_t)n;
    }
    return true;
}

static void print_on_stderr(const char *text)
{
    (void)write_all(STDERR, text, length_of(text)); /* nowhere left to report a failure to */
}

static void flush(void)
{
    size_t n_bytes = n_output;
    n_output = 0; /* before the attempt, so that rt_fatal does not attempt it again */
    if (!write_all(STDOUT, output, n_bytes))
        rt_fatal("cannot write the output");
}

static void put_char(char character)
{
    if (n_output == sizeof output)
        flush();
    output[n_output++] = character;
}

void rt_put(const char *text)
{
    for (; *text != '\0'; text++)
        put_char(*text);
}

void rt_put_unsigned(uint64_t value)
{
    char digits[20] = {0}; /* the last one first; 2^64 has 20 */
    int n_digits = 1;

    for (int bit = 0; bit < 64; bit++) {
        int carry = (int64_t)value < 0; /* the top bit */
        value <<= 1;
        for (int i = 0; i < n_digits; i++) {
            int doubled = digits[i] * 2 + carry;
            carry = doubled >= 10;
            digits[i] = (char)(carry ? doubled - 10 : doubled);
        }
        if (carry)
            digits[n_digits++] = 1;
    }
    while (n_digits > 0)
        put_char((char)('0' + digits[--n_digits]));
}

void rt_put_signed(int64_t value)
{
    if (value < 0) {
        put_char('-');
        rt_put_unsigned(-(uint64_t)value);
    } else {
        rt_put_unsigned((uint64_t)value);
    }
}

void rt_put_hex(uint64_t value)
{
    rt_put("0x");
    bool started = false;
    for (int i = 0; i < 16; i++) {
        unsigned digit = (unsigned)(value >> 60);
        value <<= 4;
        started = started || digit != 0 || i == 15;
        if (started)
            put_char("0123456789abcdef"[digit]);
    }
}

/* Numbers of errors differ by architecture, so the names come from the target's own header. Only
 * those that a probe may meet; any other prints as a number. */
void rt_put_result(long result)
{
    static const struct {
        int number;
        const char *name;
    } errors[] = {
        {E2BIG, "E2BIG"},         {EAGAIN, "EAGAIN"},       {EBADF, "EBADF"},
        {EBUSY, "EBUSY"},         {EDEADLK, "EDEADLK"},     {EEXIST, "EEXIST"},
        {EFAULT, "EFAULT"},       {EINTR, "EINTR"},         {EINVAL, "EINVAL"},
        {ELOOP, "ELOOP"},         {EMFILE, "EMFILE"},       {ENAMETOOLONG, "ENAMETOOLONG"},
        {ENFILE, "ENFILE"},       {ENODEV, "ENODEV"},       {ENOENT, "ENOENT"},
        {ENOMEM, "ENOMEM"},       {ENOSPC, "ENOSPC"},       {ENOSYS, "ENOSYS"},
        {ENOTDIR, "ENOTDIR"},     {ENOTTY, "ENOTTY"},       {EOPNOTSUPP, "EOPNOTSUPP"},
        {EOVERFLOW, "EOVERFLOW"}, {EPERM, "EPERM"},         {EPIPE, "EPIPE"},
        {ESRCH, "ESRCH"},         {ETIMEDOUT, "ETIMEDOUT"},
    };

    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
        if (result == -errors[i].number) {
            put_char('-');
            rt_put(errors[i].name);
            return;
        }
    }
    rt_put_signed(result);
}

/* ---- the process --------------------------------------------------------------------------- */

_Noreturn void rt_exit(int code)
{
    for (;;)
        (void)rt_syscall(__NR_exit_group, code, 0, 0, 0, 0, 0);
}

_Noreturn void rt_fatal(const char *why)
{
    (void)write_all(STDOUT, output, n_output); /* what is known is worth having, even cut short */
    print_on_stderr("probe: ");
    print_on_stderr(why);
    print_on_stderr("\n");
    rt_exit(EXIT_ENVIRONMENT);
}

_Noreturn void probe_start(void)
{
    probe_main();
    rt_put("# end\n");
    flush();
    rt_exit(0);
}

/* ---- system calls -------------------------------------------------------------------------- */

long rt_read(int fd, void *bytes, size_t n_bytes)
{
    return rt_syscall(__NR_read, fd, (long)bytes, (long)n_bytes, 0, 0, 0);
}

long rt_write(int fd, const void *bytes, size_t n_bytes)
{
    return rt_syscall(__NR_write, fd, (long)bytes, (long)n_bytes, 0, 0, 0);
}

long rt_close(int fd)
{
    return rt_syscall(__NR_close, fd, 0, 0, 0, 0, 0);
}

void rt_close_both(const int fds[2])
{
    (void)rt_close(fds[0]); /* of a descriptor that we opened: cannot fail in a way that matters */
    (void)rt_close(fds[1]);
}

void rt_pipe(int fds[2])
{
    if (rt_syscall(__NR_pipe2, (long)fds, O_NONBLOCK, 0, 0, 0, 0) != 0)
        rt_fatal("cannot open a pipe");
}

/* Both numbers are from include/linux/net.h, which is not for programs. SOCK_NONBLOCK differs on
 * more architectures than SOCK_STREAM, and fcntl(2) does without. */
void rt_socketpair(int fds[2])
{
#if defined(__mips__)
    enum { LOCAL = 1, STREAM = 2 };
#else
    enum { LOCAL = 1, STREAM = 1 };
#endif
    if (rt_syscall(__NR_socketpair, LOCAL, STREAM, 0, (long)fds, 0, 0) != 0)
        rt_fatal("cannot open a pair of sockets");
    rt_make_nonblocking(fds[0]);
    rt_make_nonblocking(fds[1]);
}

long rt_shutdown_writing(int fd)
{
    enum { WRITING = 1 }; /* SHUT_WR: shutdown(2), include/linux/net.h */
    return rt_syscall(__NR_shutdown, fd, WRITING, 0, 0, 0, 0);
}

int rt_file(void)
{
    long fd = rt_syscall(__NR_memfd_create, (long)"probe", 0, 0, 0, 0, 0);

    if (fd < 0)
        rt_fatal("cannot open a file in memory");
    return (int)fd;
}

long rt_open(const char *path)
{
    enum { WORKING_FOLDER = -100 }; /* AT_FDCWD: linux/fcntl.h */
    return rt_syscall(__NR_openat, WORKING_FOLDER, (long)path, O_RDONLY | O_CLOEXEC, 0, 0, 0);
}

long rt_seek(int fd, int64_t offset)
{
#if defined(__NR__llseek) || defined(__NR_llseek) /* where a long has 32 bits, as a rule */
#if !defined(__NR__llseek)
#define __NR__llseek __NR_llseek
#endif
    int64_t reached;
    return rt_syscall(__NR__llseek, fd, (long)(offset >> 32), (long)offset, (long)&reached, 0, 0);
#else
    if (offset != (long)offset)
        return -EOVERFLOW;
    long reached = rt_syscall(__NR_lseek, fd, (long)offset, 0, 0, 0, 0);
    return reached < 0 && reached >= -4095 ? reached : 0;
#endif
}

long rt_set_size(int fd, long n_bytes)
{
#if defined(__NR_ftruncate)
    return rt_syscall(__NR_ftruncate, fd, n_bytes, 0, 0, 0, 0);
#else /* newer 32-bit architectures, all little-endian; riscv32 has no padding before the pair */
    return rt_syscall(__NR_ftruncate64, fd, n_bytes, 0, 0, 0, 0);
#endif
}

long rt_fcntl(int fd, int command, long argument)
{
#if defined(__NR_fcntl)
    return rt_syscall(__NR_fcntl, fd, command, argument, 0, 0, 0);
#else /* newer 32-bit architectures */
    return rt_syscall(__NR_fcntl64, fd, command, argument, 0, 0, 0);
#endif
}

bool rt_is_cloexec(int fd)
{
    long flags = rt_fcntl(fd, F_GETFD, 0);
    return flags >= 0 && (flags & FD_CLOEXEC) != 0;
}

bool rt_is_nonblocking(int fd)
{
    long flags = rt_fcntl(fd, F_GETFL, 0);
    return flags >= 0 && (flags & O_NONBLOCK) != 0;
}

void rt_make_nonblocking(int fd)
{
    long flags = rt_fcntl(fd, F_GETFL, 0);
    if (flags >= 0)
        (void)rt_fcntl(fd, F_SETFL, flags | O_NONBLOCK);
}

/* ---- what the compiler may call ------------------------------------------------------------ */

/* Keeps the compiler from seeing that a loop is memcpy, and calling memcpy for it. */
#define OPAQUE() __asm__ volatile("")

void *memcpy(void *restrict to, const void *restrict from, size_t n_bytes)
{
    for (size_t i = 0; i < n_bytes; i++) {
        ((char *)to)[i] = ((const char *)from)[i];
        OPAQUE();
    }
    return to;
}

void *memmove(void *to, const void *from, size_t n_bytes)
{
    if ((uintptr_t)to <= (uintptr_t)from)
        return memcpy(to, from, n_bytes); /* ours, which goes upwards */
    while (n_bytes-- > 0) {
        ((char *)to)[n_bytes] = ((const char *)from)[n_bytes];
        OPAQUE();
    }
    return to;
}

void *memset(void *to, int byte, size_t n_bytes)
{
    for (size_t i = 0; i < n_bytes; i++) {
        ((char *)to)[i] = (char)byte;
        OPAQUE();
    }
    return to;
}

int memcmp(const void *left, const void *right, size_t n_bytes)
{
    const unsigned char *l = left;
    const unsigned char *r = right;

    for (size_t i = 0; i < n_bytes; i++) {
        if (l[i] != r[i])
            return l[i] < r[i] ? -1 : 1;
        OPAQUE();
    }
    return 0;
}
