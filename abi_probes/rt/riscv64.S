/* riscv64.S - start and system calls of a probe on 64-bit RISC-V Linux, without libc.
 *
 * In: a fresh process. Out: probe_start() entered with a C stack; rt_syscall() as a C function.
 *
 * Convention of a system call (arch/riscv/kernel/entry.S; syscall(2)):
 *     instruction  ecall
 *     number       a7
 *     arguments    a0 a1 a2 a3 a4 a5
 *     result       a0; -errno from -4095 to -1
 *     clobbers     nothing else
 * Convention of a C call (RISC-V psABI, "Procedure Calling Convention"): a0 to a7; result a0; sp is a
 * multiple of 16 always; gp holds the address around which the linker may shorten others.
 */

    .text

    .globl _start
    .type _start, @function
_start:
    .option push
    .option norelax             /* or the linker would take gp from gp */
    la gp, __global_pointer$
    .option pop
    li s0, 0                    /* ends a debugger's walk up the stack */
    li ra, 0
    andi sp, sp, -16
    call probe_start            /* does not return */
    ebreak                      /* if it does return, die here */
    .size _start, . - _start

/* long rt_syscall(long number, long a, long b, long c, long d, long e, long f) */
    .globl rt_syscall
    .type rt_syscall, @function
rt_syscall:
    mv a7, a0
    mv a0, a1
    mv a1, a2
    mv a2, a3
    mv a3, a4
    mv a4, a5
    mv a5, a6
    ecall
    ret
    .size rt_syscall, . - rt_syscall

    .section .note.GNU-stack, "", @progbits
