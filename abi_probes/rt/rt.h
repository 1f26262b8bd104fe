/* rt.h - what a probe stands on instead of a libc.
 *
 * In: nothing but the kernel's headers and the compiler's. Out: text on stdout, a handful of system
 * calls, the four functions of <string.h> that a compiler may call unasked.
 *
 * Design: a probe must not learn an ABI from the libc it is meant to check, and must run as the
 * first and only program of a booted kernel. So nothing is linked but this and one assembly file
 * per architecture, and nothing is included that a libc installs.
 *
 * A probe defines probe_main(). What it prints is collected and written when the buffer is full and
 * at the end; the last line is `# end`, so that output cut short shows. Exit codes: 0 the probe ran
 * to its end (judging what it printed is not its job), 2 it could not, and says why on stderr.
 */
#ifndef ABIPROOF_RT_H
#define ABIPROOF_RT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/errno.h>

/* The probe itself; called once. */
void probe_main(void);

/* Where the assembly file's _start goes, with the stack aligned: runs the probe and exits. */
_Noreturn void probe_start(void);

/* The assembly file's system call. Returns what the kernel does: -errno from -4095 to -1 on
 * failure. */
long rt_syscall(long number, long a, long b, long c, long d, long e, long f);

/* Ends the process; rt_fatal says why on stderr first, after the output collected so far, with code
 * 2 and without the `# end`. */
_Noreturn void rt_exit(int code);
_Noreturn void rt_fatal(const char *why);

/* Adds to the output: text, a number in decimal, in hexadecimal with 0x, or the result of a system
 * call, which is decimal, or `-EINVAL` and the like. */
void rt_put(const char *text);
void rt_put_unsigned(uint64_t value);
void rt_put_signed(int64_t value);
void rt_put_hex(uint64_t value);
void rt_put_result(long result);

/* Objects to try things on, closed on failure of any kind by the end of the process. Two
 * descriptors each; rt_pipe reads from [0] and writes to [1], the sockets are stream sockets,
 * nothing blocks. A kernel that has none left ends the probe through rt_fatal. */
void rt_pipe(int fds[2]);
void rt_socketpair(int fds[2]);
void rt_close_both(const int fds[2]);

/* System calls; the kernel's result. */
long rt_read(int fd, void *bytes, size_t n_bytes);
long rt_write(int fd, const void *bytes, size_t n_bytes);
long rt_close(int fd);
long rt_shutdown_writing(int fd);

/* A new, empty file in memory, to read and write; like the objects above. */
int rt_file(void);

/* Opens a file or folder to read it. */
long rt_open(const char *path);

/* Goes to a place in a file, as lseek(2) from its start. Returns 0, or -EOVERFLOW for a place that
 * the call cannot be reported because it does not fit a long. */
long rt_seek(int fd, int64_t offset);

/* Gives a file this size, as ftruncate(2). */
long rt_set_size(int fd, long n_bytes);

/* fcntl(2), and what it says of a descriptor; false for one that is not open. */
long rt_fcntl(int fd, int command, long argument);
bool rt_is_cloexec(int fd);
bool rt_is_nonblocking(int fd);

/* Keeps a descriptor from blocking, by fcntl(2); one that is not open stays what it is. */
void rt_make_nonblocking(int fd);

/* As in <string.h>, where this text comes from being missing: compilers call them even
 * freestanding. */
void *memcpy(void *restrict to, const void *restrict from, size_t n_bytes);
void *memmove(void *to, const void *from, size_t n_bytes);
void *memset(void *to, int byte, size_t n_bytes);
int memcmp(const void *left, const void *right, size_t n_bytes);

#endif
