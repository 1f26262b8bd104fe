/* raw_calls.c - the raw system calls of bindings/c/raw.h, made and compared with what libc finds.
 *
 * In: nothing; its folder can be written to. Out: a line for each call that did something else than
 * it should, and "ok" or exit code 1. Compiled by test_raw.c for every machine, as a program of its
 * own: raw.h is the only header of this project that it knows.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "raw.h"

static int n_failed;

static void expect(const char *what, long expected, long got)
{
    if (expected == got)
        return;
    printf("%s: expected %ld, got %ld\n", what, expected, got);
    n_failed++;
}

/* A file in memory with "0123456789". Its number is that of no call, lest one passes for the other. */
static int make_file(void)
{
    int low = memfd_create("raw_calls", 0), fd = fcntl(low, F_DUPFD, 900);

    if (fd < 0 || write(fd, "0123456789", 10) != 10 || close(low) != 0)
        abort();
    return fd;
}

/* Leaves nothing on the stack that an argument could be taken for. */
__attribute__((noinline)) static void scribble(void)
{
    volatile unsigned char bytes[512];

    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = 0x5a;
}

/* ---- every number of arguments, each of which counts ---- */

static void check_no_argument(void)
{
#ifdef SYS_getpid
    expect("getpid", getpid(), raw_syscall0(SYS_getpid));
#else /* alpha */
    expect("getxpid", getpid(), raw_syscall0(SYS_getxpid));
#endif
}

static void check_one_argument(void)
{
    int fd = make_file();
    long copy = raw_syscall1(SYS_dup, fd);

    expect("dup: a number of a file", 0, fcntl((int)copy, F_GETFD));
    expect("close", 0, raw_syscall1(SYS_close, copy));
    expect("close: it is closed", -1, fcntl((int)copy, F_GETFD));
    close(fd);
}

static void check_two_arguments(void)
{
    int fd = make_file();
    struct stat info;

    expect("fchmod", 0, raw_syscall2(SYS_fchmod, fd, 0640));
    expect("fchmod: fstat", 0, fstat(fd, &info));
    expect("fchmod: the mode", 0640, info.st_mode & 0777);
    close(fd);
}

static void check_three_arguments(void)
{
    int fd = make_file();
    char bytes[] = "abcdef";

    expect("lseek", 3, lseek(fd, 3, SEEK_SET));
    expect("read", 2, raw_syscall3(SYS_read, fd, (long)bytes, 2));
    expect("read: the bytes and no more", 0, strcmp(bytes, "34cdef"));
    close(fd);
}

static void check_four_arguments(void)
{
    int folder = open(".", O_RDONLY | O_DIRECTORY);
    struct stat info;

    umask(0);
    unlink("four");
    long fd = raw_syscall4(SYS_openat, folder, (long)"four", O_RDWR | O_CREAT | O_EXCL, 0604);
    expect("openat: a number of a file", 0, fstat((int)fd, &info));
    expect("openat: the mode", 0604, info.st_mode & 0777);
    expect("openat: it was there", -EEXIST,
           raw_syscall4(SYS_openat, folder, (long)"four", O_RDWR | O_CREAT | O_EXCL, 0604));
    expect("openat: its name", 0, unlink("four"));
    close((int)fd);
    close(folder);
}

static void check_five_arguments(void)
{
    int page = (int)sysconf(_SC_PAGESIZE);
    char *two =
        mmap(NULL, 4 * (size_t)page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (two == MAP_FAILED)
        abort();
    strcpy(two, "moved");
    scribble();
    long moved = raw_syscall5(SYS_mremap, (long)two, page, page, MREMAP_MAYMOVE | MREMAP_FIXED,
                              (long)(two + 2 * page));
    expect("mremap", (long)(two + 2 * page), moved);
    expect("mremap: the bytes", 0, strcmp(two + 2 * page, "moved"));
}

static void check_six_arguments(void)
{
    int from = make_file(), to = make_file();
    int64_t at_from = 2, at_to = 5;
    char bytes[11] = "";

    scribble();
    expect("copy_file_range", 4,
           raw_syscall6(SYS_copy_file_range, from, (long)&at_from, to, (long)&at_to, 4, 0));
    expect("copy_file_range: where it read to", 6, (long)at_from);
    expect("copy_file_range: where it wrote to", 9, (long)at_to);
    expect("copy_file_range: pread", 10, pread(to, bytes, 10, 0));
    expect("copy_file_range: the bytes", 0, strcmp(bytes, "0123423459"));
    expect("copy_file_range: flags of no meaning", -EINVAL,
           raw_syscall6(SYS_copy_file_range, from, (long)&at_from, to, (long)&at_to, 4, 1));
    close(from);
    close(to);
}

/* ---- results ---- */

/* Errors are -errno on every machine, whatever else says that there is one; libc's errno is left.
 * */
static void check_errors(void)
{
    const long no_call = SYS_close + 800; /* ENOSYS is up to 251 */

    errno = 4711;
    expect("no such call of 0 arguments", -ENOSYS, raw_syscall0(no_call));
    expect("no such call of 6 arguments", -ENOSYS, raw_syscall6(no_call, 1, 2, 3, 4, 5, 6));
    expect("close(-1)", -EBADF, raw_syscall1(SYS_close, -1));
    expect("close(-1) of 2 arguments", -EBADF, raw_syscall2(SYS_close, -1, 1));
    expect("close(-1) of 3 arguments", -EBADF, raw_syscall3(SYS_close, -1, 1, 1));
    expect("close(-1) of 4 arguments", -EBADF, raw_syscall4(SYS_close, -1, 1, 1, 1));
    expect("close(-1) of 5 arguments", -EBADF, raw_syscall5(SYS_close, -1, 1, 1, 1, 1));
    expect("close(-1) of 6 arguments", -EBADF, raw_syscall6(SYS_close, -1, 1, 1, 1, 1, 1));
    expect("read to nowhere", -EFAULT, raw_syscall3(SYS_read, open("/dev/zero", O_RDONLY), 1, 1));
    expect("errno", 4711, errno);
}

/* An address with its upper bit set is no error. */
static void check_addresses(void)
{
    const int flags = MAP_PRIVATE | MAP_ANONYMOUS;
#if defined(SYS_mmap2)
    long address = raw_syscall6(SYS_mmap2, 0, 4096, PROT_READ | PROT_WRITE, flags, -1, 0);
#elif defined(__s390x__) /* its mmap takes its arguments in memory */
    long arguments[] = {0, 4096, PROT_READ | PROT_WRITE, flags, -1, 0};
    long address = raw_syscall1(SYS_mmap, (long)arguments);
#else
    long address = raw_syscall6(SYS_mmap, 0, 4096, PROT_READ | PROT_WRITE, flags, -1, 0);
#endif

    if (address >= -4095 && address < 0)
        expect("mmap", 0, address);
    else
        expect("mmap: memory", 7, *(volatile char *)(memset((void *)address, 7, 4096)));
    expect("munmap", 0, raw_syscall2(SYS_munmap, address, 4096));
}

static void check_sigset_size(void)
{
    unsigned char set[64];

    memset(set, 0x5a, sizeof set);
    expect("rt_sigprocmask", 0,
           raw_syscall4(SYS_rt_sigprocmask, SIG_BLOCK, 0, (long)set, RAW_SIGSET_SIZE));
    expect("rt_sigprocmask: all of the set", 0, set[RAW_SIGSET_SIZE - 1]);
    expect("rt_sigprocmask: and no more", 0x5a, set[RAW_SIGSET_SIZE]);
    expect("rt_sigprocmask: of another size", -EINVAL,
           raw_syscall4(SYS_rt_sigprocmask, SIG_BLOCK, 0, (long)set, RAW_SIGSET_SIZE + 8));
}

/* ---- arguments of 64 bits ---- */

/* Whether a number of 64 bits is one argument. Where a long is shorter all the same (x32, n32),
 * raw.h passes what fits. */
#if defined(__LP64__) || (defined(__mips__) && _MIPS_SIM == _ABIN32) || defined(__x86_64__)
#define ONE_ARGUMENT 1
#else
#define ONE_ARGUMENT 0
#endif

/* Reads a byte at `at`, as the psABI passes a number of 64 bits. */
static long read_at(int fd, char *byte, uint64_t at)
{
#if ONE_ARGUMENT
    return raw_syscall4(SYS_pread64, fd, (long)byte, 1, (long)at);
#else
    long low = (long)(uint32_t)at, high = (long)(at >> 32);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    long first = high, second = low;
#else
    long first = low, second = high;
#endif
#if defined(__arm__) || defined(__mips__) || defined(__powerpc__) || defined(__sh__)
    return raw_syscall6(SYS_pread64, fd, (long)byte, 1, 0, first, second); /* an even pair */
#else
    return raw_syscall5(SYS_pread64, fd, (long)byte, 1, first, second);
#endif
#endif
}

static void check_64_bits(void)
{
    uint64_t at = ONE_ARGUMENT && sizeof(long) < 8 ? 0x7003 : 0x100000003;
    int fd = make_file();
    char byte = 0;

    expect("pwrite64", 1, pwrite64(fd, "x", 1, (off64_t)at));
    expect("pread64", 1, read_at(fd, &byte, at));
    expect("pread64: the byte", 'x', byte);
    expect("pread64: one before", 1, read_at(fd, &byte, at - 1));
    expect("pread64: the byte before", 0, byte);
    expect("pread64: behind the end", 0, read_at(fd, &byte, at + 1));
    close(fd);
}

/* ---- what a call must leave alone ---- */

static volatile long seeds[13] = {3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43};

/* As many values as any machine can keep in registers, across one call; then their sum, weighted, in
 * one expression, so that nothing else is called while they live. */
#define EXPECT_KEPT(what, call)                                                                    \
    do {                                                                                           \
        long a = seeds[0], b = seeds[1], c = seeds[2], d = seeds[3], e = seeds[4], f = seeds[5];   \
        long g = seeds[6], h = seeds[7], i = seeds[8], j = seeds[9], k = seeds[10];                \
        long l = seeds[11], m = seeds[12];                                                         \
        long result = (call);                                                                      \
        long sum = a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f + 7 * g + 8 * h + 9 * i + 10 * j +    \
                   11 * k + 12 * l + 13 * m;                                                       \
        expect(what, -EBADF, result);                                                              \
        expect(what ": registers", 2591, sum);                                                     \
    } while (0)

static void check_registers(void)
{
    EXPECT_KEPT("1 argument", raw_syscall1(SYS_close, -1));
    EXPECT_KEPT("2 arguments", raw_syscall2(SYS_close, -1, 0));
    EXPECT_KEPT("3 arguments", raw_syscall3(SYS_close, -1, 0, 0));
    EXPECT_KEPT("4 arguments", raw_syscall4(SYS_close, -1, 0, 0, 0));
    EXPECT_KEPT("5 arguments", raw_syscall5(SYS_close, -1, 0, 0, 0, 0));
    EXPECT_KEPT("6 arguments", raw_syscall6(SYS_close, -1, 0, 0, 0, 0, 0));
}

int main(void)
{
    check_no_argument();
    check_one_argument();
    check_two_arguments();
    check_three_arguments();
    check_four_arguments();
    check_five_arguments();
    check_six_arguments();
    check_errors();
    check_addresses();
    check_sigset_size();
    check_64_bits();
    check_registers();
    if (n_failed == 0)
        puts("ok");
    return n_failed != 0;
}
