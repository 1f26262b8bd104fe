/* loongarch64.S - start and system calls of a probe on 64-bit LoongArch Linux, without libc.
 *
 * In: a fresh process. Out: probe_start() entered with a C stack; rt_syscall() as a C function.
 *
 * Convention of a system call (arch/loongarch/kernel/entry.S; syscall(2)):
 *     instruction  syscall 0
 *     number       a7
 *     arguments    a0 a1 a2 a3 a4 a5
 *     result       a0; -errno from -4095 to -1
 *     clobbers     t0 to t8
 * Convention of a C call (LoongArch psABI, "Procedure Calling Convention"): a0 to a7; result a0; sp
 * is a multiple of 16 always.
 */

    .text

    .globl _start
    .type _start, @function
_start:
    move $fp, $zero             /* ends a debugger's walk up the stack */
    move $ra, $zero
    bstrins.d $sp, $zero, 3, 0
    bl probe_start              /* does not return */
    break 0                     /* if it does return, die here */
    .size _start, . - _start

/* long rt_syscall(long number, long a, long b, long c, long d, long e, long f) */
    .globl rt_syscall
    .type rt_syscall, @function
rt_syscall:
    move $a7, $a0
    move $a0, $a1
    move $a1, $a2
    move $a2, $a3
    move $a3, $a4
    move $a4, $a5
    move $a5, $a6
    syscall 0
    jr $ra
    .size rt_syscall, . - rt_syscall

    .section .note.GNU-stack, "", @progbits
