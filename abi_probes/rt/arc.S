/* arc.S - start and system calls of a probe on ARC HS Linux, without libc.
 *
 * In: a fresh process. Out: probe_start() entered with a C stack; rt_syscall() as a C function.
 *
 * Convention of a system call (arch/arc/kernel/entry.S, EV_Trap; syscall(2)):
 *     instruction  trap_s 0
 *     number       r8
 *     arguments    r0 r1 r2 r3 r4 r5
 *     result       r0; -errno from -4095 to -1
 *     clobbers     nothing else
 * Convention of a C call (Synopsys ARCompact and ARCv2 ABI): r0 to r7; result r0; r13 to r26 are the
 * caller's; blink holds the return address; sp is a multiple of 4.
 */

    .text

    .globl _start
    .globl __start              /* the entry point that linkers of this architecture look for */
    .type _start, @function
_start:
__start:
    mov fp, 0                   /* ends a debugger's walk up the stack */
    mov blink, 0
    bl probe_start              /* does not return */
    flag 1                      /* not allowed to a program: if it does return, die here */
    .size _start, . - _start

/* long rt_syscall(long number, long a, long b, long c, long d, long e, long f) */
    .globl rt_syscall
    .type rt_syscall, @function
rt_syscall:
    mov r8, r0
    mov r0, r1
    mov r1, r2
    mov r2, r3
    mov r3, r4
    mov r4, r5
    mov r5, r6
    trap_s 0
    j_s [blink]
    .size rt_syscall, . - rt_syscall

    .section .note.GNU-stack, "", @progbits
