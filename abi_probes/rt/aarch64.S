/* aarch64.S - start and system calls of a probe on 64-bit Arm Linux, without libc.
 *
 * In: a fresh process. Out: probe_start() entered with a C stack; rt_syscall() as a C function.
 *
 * Convention of a system call (arch/arm64/kernel/entry.S; syscall(2)):
 *     instruction  svc #0
 *     number       x8
 *     arguments    x0 x1 x2 x3 x4 x5
 *     result       x0; -errno from -4095 to -1
 *     clobbers     nothing else
 * Convention of a C call (AAPCS64, 6.4 and 6.8): x0 to x7; result x0; sp is a multiple of 16 always.
 */

    .text

    .globl _start
    .type _start, %function
_start:
    mov x29, #0                 /* ends a debugger's walk up the stack */
    mov x30, #0
    mov x9, sp
    and sp, x9, #-16
    bl probe_start              /* does not return */
    brk #0                      /* if it does return, die here */
    .size _start, . - _start

/* long rt_syscall(long number, long a, long b, long c, long d, long e, long f) */
    .globl rt_syscall
    .type rt_syscall, %function
rt_syscall:
    mov x8, x0
    mov x0, x1
    mov x1, x2
    mov x2, x3
    mov x3, x4
    mov x4, x5
    mov x5, x6
    svc #0
    ret
    .size rt_syscall, . - rt_syscall

    .section .note.GNU-stack, "", %progbits
