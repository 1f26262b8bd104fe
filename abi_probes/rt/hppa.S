/* hppa.S - start and system calls of a probe on 32-bit PA-RISC Linux, without libc.
 *
 * In: a fresh process. Out: probe_start() entered with a C stack; rt_syscall() as a C function.
 *
 * Convention of a system call (arch/parisc/kernel/syscall.S; syscall(2)):
 *     instruction  ble 0x100(%sr2, %r0), and the number into r20 in its delay slot, by ldi or copy:
 *                  restarting a call takes it from there (arch/parisc/kernel/signal.c)
 *     number       r20
 *     arguments    r26 r25 r24 r23 r22 r21
 *     result       r28; -errno from -4095 to -1
 *     clobbers     r1 r2 r19 to r26 r29 r31
 * Convention of a C call (PA-RISC Run-time Architecture 3.0, 2 and 3): r26 to r23, then the stack,
 * downwards from -52(sp); result r28. The stack grows up: a frame lies below sp, a multiple of 64
 * here, and ends with 52 bytes that belong to the callee. r27 points into the data.
 */

    .text

    .globl _start
    .type _start, @function
_start:
    ldil LR'$global$, %r27
    ldo RR'$global$(%r27), %r27
    copy %r0, %r3               /* ends a debugger's walk up the stack */
    ldo 127(%r30), %r30
    depwi 0, 31, 6, %r30
    bl probe_start, %r2         /* does not return */
    nop
    break 0, 0                  /* if it does return, die here */
    .size _start, . - _start

/* long rt_syscall(long number, long a, long b, long c, long d, long e, long f) */
    .globl rt_syscall
    .type rt_syscall, @function
rt_syscall:
    stw %r2, -20(%r30)          /* where a return address is saved */
    copy %r26, %r1
    copy %r25, %r26
    copy %r24, %r25
    copy %r23, %r24
    ldw -52(%r30), %r23
    ldw -56(%r30), %r22
    ldw -60(%r30), %r21
    stw %r4, -4(%r30)
    copy %r1, %r4               /* a register that is still there when the call is restarted */
    ble 0x100(%sr2, %r0)
    copy %r4, %r20
    ldw -4(%r30), %r4
    ldw -20(%r30), %r2
    bv %r0(%r2)
    nop
    .size rt_syscall, . - rt_syscall

    .section .note.GNU-stack, "", @progbits
