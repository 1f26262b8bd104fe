/* ppc64.S - start and system calls of a probe on 64-bit PowerPC Linux, without libc; of both byte
 * orders and both ABIs (big endian ELFv1, little endian ELFv2).
 *
 * In: a fresh process. Out: probe_start() entered with a C stack; rt_syscall() as a C function.
 *
 * Convention of a system call (Documentation/powerpc/syscall64-abi.rst; syscall(2)):
 *     instruction  sc
 *     number       r0
 *     arguments    r3 r4 r5 r6 r7 r8
 *     result       r3; on failure the summary overflow bit of cr0 is set and r3 is errno, positive
 *     clobbers     r0, r4 to r12, cr0, ctr, xer
 * Convention of a C call (ELFv1 ABI, 3.2; ELFv2 ABI, 2.2): r3 to r10; result r3; r1 is a multiple of
 * 16 and points to a chain of frames; r2 holds the address of the table of contents. ELFv1 calls
 * through a descriptor of three words: code, r2, environment; the kernel, too, starts the program
 * through one. ELFv2 leaves r2 to the program.
 */

    .text

#if defined(_CALL_ELF) && _CALL_ELF == 2
    .abiversion 2

    .globl _start
    .type _start, @function
_start:
    bcl 20, 31, 1f              /* the next address, without upsetting the predictor */
1:  mflr 2
    addis 2, 2, .TOC. - 1b@ha
    addi 2, 2, .TOC. - 1b@l
#else
    .section .opd, "aw"
    .balign 8
    .globl _start
_start:
    .quad .L_start, .TOC.@tocbase, 0
    .type _start, @function
    .globl rt_syscall
rt_syscall:
    .quad .L_rt_syscall, .TOC.@tocbase, 0
    .type rt_syscall, @function

    .text
.L_start:
#endif
    clrrdi 1, 1, 4
    li 0, 0
    stdu 0, -112(1)             /* a frame that ends the chain, of the least size in ELFv1 */
    mtlr 0
    bl probe_start              /* does not return */
    nop                         /* where the linker may restore r2 */
    trap                        /* if it does return, die here */

/* long rt_syscall(long number, long a, long b, long c, long d, long e, long f) */
#if defined(_CALL_ELF) && _CALL_ELF == 2
    .size _start, . - _start

    .globl rt_syscall
    .type rt_syscall, @function
rt_syscall:
#else
.L_rt_syscall:
#endif
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
#if defined(_CALL_ELF) && _CALL_ELF == 2
    .size rt_syscall, . - rt_syscall
#endif

    .section .note.GNU-stack, "", @progbits
