/* mips64.S - start and system calls of a probe on MIPS Linux with the n64 or the n32 ABI, of both
 * byte orders, without libc.
 *
 * In: a fresh process. Out: probe_start() entered with a C stack; rt_syscall() as a C function.
 *
 * Convention of a system call (arch/mips/kernel/scall64-n64.S, scall64-n32.S; syscall(2)):
 *     instruction  syscall
 *     number       $2 (v0)
 *     arguments    $4 $5 $6 $7 $8 $9 (a0 to a5); in n32, too, all 64 bits, sign-extended
 *     result       $2; on failure $7 (a3) is 1, otherwise 0, and $2 is errno, positive
 *     clobbers     $1 $3 $10 to $15 $24 $25 hi lo
 * Convention of a C call (MIPSpro N32 ABI Handbook, 2): $4 to $11; result $2; sp is a multiple of 16
 * always. No position-independent code, which would want its own address in $25 and a table's in
 * $28: -mno-abicalls.
 */

    .set noreorder              /* what follows a jump is done before it */
    .text

    .globl _start
    .globl __start              /* the entry point that linkers of this architecture look for */
    .type _start, @function
_start:
__start:
    move $30, $0                /* ends a debugger's walk up the stack */
    move $31, $0
    li $2, -16
    and $29, $29, $2
    jal probe_start             /* does not return */
    nop
    break                       /* if it does return, die here */
    .size _start, . - _start

/* long rt_syscall(long number, long a, long b, long c, long d, long e, long f) */
    .globl rt_syscall
    .type rt_syscall, @function
rt_syscall:
    move $2, $4
    move $4, $5
    move $5, $6
    move $6, $7
    move $7, $8
    move $8, $9
    move $9, $10
    syscall
    dsubu $7, $0, $7            /* 0 or -1; with the next two: negate if it failed */
    xor $2, $2, $7
    jr $31
    dsubu $2, $2, $7
    .size rt_syscall, . - rt_syscall

    .section .note.GNU-stack, "", @progbits
