/* m68k.S - start and system calls of a probe on 68000 Linux, without libc.
 *
 * In: a fresh process. Out: probe_start() entered with a C stack; rt_syscall() as a C function.
 *
 * Convention of a system call (arch/m68k/kernel/entry.S; syscall(2)):
 *     instruction  trap #0
 *     number       d0
 *     arguments    d1 d2 d3 d4 d5 a0
 *     result       d0; -errno from -4095 to -1
 *     clobbers     nothing else
 * Convention of a C call (System V ABI 68000, 3): everything on the stack, the first argument above
 * the return address; result d0, and a0 for a pointer; d2 to d7 and a2 to a6 are the caller's.
 */

    .text

    .globl _start
    .type _start, @function
_start:
    sub.l %a6, %a6              /* ends a debugger's walk up the stack */
    bsr.l probe_start           /* does not return */
    illegal                     /* if it does return, die here */
    .size _start, . - _start

/* long rt_syscall(long number, long a, long b, long c, long d, long e, long f) */
    .globl rt_syscall
    .type rt_syscall, @function
rt_syscall:
    movem.l %d2-%d5, -(%sp)
    move.l 20(%sp), %d0         /* above four words saved and the return address */
    move.l 24(%sp), %d1
    move.l 28(%sp), %d2
    move.l 32(%sp), %d3
    move.l 36(%sp), %d4
    move.l 40(%sp), %d5
    move.l 44(%sp), %a0
    trap #0
    movem.l (%sp)+, %d2-%d5
    rts
    .size rt_syscall, . - rt_syscall

    .section .note.GNU-stack, "", @progbits
