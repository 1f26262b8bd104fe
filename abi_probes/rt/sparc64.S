/* sparc64.S - start and system calls of a probe on 64-bit SPARC Linux, without libc.
 *
 * In: a fresh process. Out: probe_start() entered with a C stack; rt_syscall() as a C function.
 *
 * Convention of a system call (arch/sparc/kernel/syscalls.S, entry.S; syscall(2)):
 *     instruction  ta 0x6d
 *     number       g1
 *     arguments    o0 o1 o2 o3 o4 o5
 *     result       o0; on failure the carry bit of xcc is set and o0 is errno, positive
 *     clobbers     o1 (where there is a second result), the conditions, the float registers
 * Convention of a C call (SPARC Compliance Definition 2.4, 3P): o0 to o5, then the stack; result o0.
 * sp is 2047 (the bias) below a multiple of 16; above it lie 16 words for a window of registers, 6
 * for the arguments in registers, and the other arguments.
 */

    .text

    .globl _start
    .type _start, #function
_start:
    clr %fp                     /* ends a debugger's walk up the stack */
    sub %sp, 192, %sp           /* the window is in place at the start, the rest is not */
    call probe_start            /* does not return */
     nop
    unimp 0                     /* if it does return, die here */
    .size _start, . - _start

/* long rt_syscall(long number, long a, long b, long c, long d, long e, long f) */
    .globl rt_syscall
    .type rt_syscall, #function
rt_syscall:
    mov %o0, %g1
    mov %o1, %o0
    mov %o2, %o1
    mov %o3, %o2
    mov %o4, %o3
    mov %o5, %o4
    ldx [%sp + 2047 + 176], %o5
    ta 0x6d
    sub %g0, %o0, %g1
    retl
     movcs %xcc, %g1, %o0
    .size rt_syscall, . - rt_syscall

    .section .note.GNU-stack, "", @progbits
