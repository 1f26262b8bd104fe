/* s390x.S - start and system calls of a probe on 64-bit z/Architecture Linux, without libc.
 *
 * In: a fresh process. Out: probe_start() entered with a C stack; rt_syscall() as a C function.
 *
 * Convention of a system call (arch/s390/kernel/entry.S, system_call; syscall(2)):
 *     instruction  svc 0
 *     number       r1 (one below 256 may be in the instruction instead)
 *     arguments    r2 r3 r4 r5 r6 r7
 *     result       r2; -errno from -4095 to -1
 *     clobbers     nothing else
 * Convention of a C call (ELF ABI s390x, 1.2): r2 to r6, then the stack above an area of 160 bytes
 * in which the callee saves r6 to r15; result r2; r15 is a multiple of 8 always.
 */

    .text

    .globl _start
    .type _start, @function
_start:
    lghi %r11, 0
    lghi %r14, 0
    nill %r15, 0xfff8
    aghi %r15, -160
    xc 0(8, %r15), 0(%r15)      /* ends a debugger's walk up the stack */
    brasl %r14, probe_start     /* does not return */
    .short 0                    /* if it does return, die here */
    .size _start, . - _start

/* long rt_syscall(long number, long a, long b, long c, long d, long e, long f) */
    .globl rt_syscall
    .type rt_syscall, @function
rt_syscall:
    stmg %r6, %r7, 48(%r15)
    lgr %r1, %r2
    lgr %r2, %r3
    lgr %r3, %r4
    lgr %r4, %r5
    lgr %r5, %r6
    lg %r6, 160(%r15)
    lg %r7, 168(%r15)
    svc 0
    lmg %r6, %r7, 48(%r15)
    br %r14
    .size rt_syscall, . - rt_syscall

    .section .note.GNU-stack, "", @progbits
