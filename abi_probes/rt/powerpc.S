/* powerpc.S - start and system calls of a probe on 32-bit PowerPC Linux, without libc.
 *
 * In: a fresh process. Out: probe_start() entered with a C stack; rt_syscall() as a C function.
 *
 * Convention of a system call (arch/powerpc/kernel/entry_32.S; syscall(2)):
 *     instruction  sc
 *     number       r0
 *     arguments    r3 r4 r5 r6 r7 r8
 *     result       r3; on failure the summary overflow bit of cr0 is set and r3 is errno, positive
 *     clobbers     r0, r4 to r12, cr0, ctr, xer
 * Convention of a C call (System V ABI PowerPC, "Function Calling Sequence"): r3 to r10; result r3;
 * r1 is a multiple of 16 and points to a chain of frames, in which the word above the pointer is
 * where a callee saves its return address.
 */

    .text

    .globl _start
    .type _start, @function
_start:
    clrrwi 1, 1, 4
    li 0, 0
    stwu 0, -16(1)              /* a frame that ends the chain */
    mtlr 0
    bl probe_start              /* does not return */
    trap                        /* if it does return, die here */
    .size _start, . - _start

/* long rt_syscall(long number, long a, long b, long c, long d, long e, long f) */
    .globl rt_syscall
    .type rt_syscall, @function
rt_syscall:
    mr 0, 3
    mr 3, 4
    mr 4, 5
    mr 5, 6
    mr 6, 7
    mr 7, 8
    mr 8, 9
    sc
    bnslr+                      /* no summary overflow: r3 is the result */
    neg 3, 3
    blr
    .size rt_syscall, . - rt_syscall

    .section .note.GNU-stack, "", @progbits
