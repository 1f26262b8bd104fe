/* sh4.S - start and system calls of a probe on SuperH Linux, without libc.
 *
 * In: a fresh process. Out: probe_start() entered with a C stack; rt_syscall() as a C function.
 *
 * Convention of a system call (arch/sh/kernel/cpu/sh3/entry.S, entry-common.S; syscall(2)):
 *     instruction  trapa #0x16 (0x10 and the number of arguments at one time; the kernel takes any
 *                  from 0x10 to 0x1f)
 *     number       r3
 *     arguments    r4 r5 r6 r7 r0 r1
 *     result       r0; -errno from -4095 to -1
 *     clobbers     nothing else, but r1 where there is a second result (pipe)
 * Convention of a C call (SH-4 ABI of gcc): r4 to r7, then the stack; result r0; r8 to r15 are the
 * caller's; pr holds the return address.
 */

    .text

    .globl _start
    .type _start, @function
_start:
    mov #0, r14                 /* ends a debugger's walk up the stack */
    mov.l 1f, r0
    jsr @r0                     /* does not return */
    nop
    .word 0xfffd                /* no instruction: if it does return, die here */
    .balign 4
1:  .long probe_start
    .size _start, . - _start

/* long rt_syscall(long number, long a, long b, long c, long d, long e, long f) */
    .globl rt_syscall
    .type rt_syscall, @function
rt_syscall:
    mov r4, r3
    mov r5, r4
    mov r6, r5
    mov r7, r6
    mov.l @r15, r7
    mov.l @(8, r15), r1
    mov.l @(4, r15), r0
    trapa #0x16
    rts
    nop
    .size rt_syscall, . - rt_syscall

    .section .note.GNU-stack, "", @progbits
