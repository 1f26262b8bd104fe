/* arm.S - start and system calls of a probe on 32-bit Arm Linux (EABI), without libc.
 *
 * In: a fresh process. Out: probe_start() entered with a C stack; rt_syscall() as a C function.
 *
 * Convention of a system call (arch/arm/kernel/entry-common.S, vector_swi; syscall(2)):
 *     instruction  svc #0
 *     number       r7
 *     arguments    r0 r1 r2 r3 r4 r5
 *     result       r0; -errno from -4095 to -1
 *     clobbers     nothing else
 * Convention of a C call (AAPCS32, 6.1 and 6.5): r0 to r3, then the stack; result r0; r4 to r11 are
 * the caller's; sp is a multiple of 8 at the call. The same for soft and hard float, and from Arm
 * and Thumb code: this file is Arm code, the linker makes the call to probe_start fit.
 */

    .syntax unified
    .arm
    .text

    .globl _start
    .type _start, %function
_start:
    mov r11, #0                 /* ends a debugger's walk up the stack */
    mov lr, #0
    bic sp, sp, #7
    bl probe_start              /* does not return */
    udf #0                      /* if it does return, die here */
    .size _start, . - _start

/* long rt_syscall(long number, long a, long b, long c, long d, long e, long f) */
    .globl rt_syscall
    .type rt_syscall, %function
rt_syscall:
    push {r4, r5, r7, lr}
    mov r7, r0
    mov r0, r1
    mov r1, r2
    mov r2, r3
    ldr r3, [sp, #16]           /* above four words saved */
    ldr r4, [sp, #20]
    ldr r5, [sp, #24]
    svc #0
    pop {r4, r5, r7, lr}
    bx lr
    .size rt_syscall, . - rt_syscall

    .section .note.GNU-stack, "", %progbits
