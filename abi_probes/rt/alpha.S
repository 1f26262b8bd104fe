/* alpha.S - start and system calls of a probe on Alpha Linux, without libc.
 *
 * In: a fresh process. Out: probe_start() entered with a C stack; rt_syscall() as a C function.
 *
 * Convention of a system call (arch/alpha/kernel/entry.S, entSys; syscall(2)):
 *     instruction  callsys
 *     number       $0 (v0)
 *     arguments    $16 $17 $18 $19 $20 $21 (a0 to a5)
 *     result       $0; on failure $19 (a3) is not 0 and $0 is errno, positive
 *     clobbers     $1 to $8, $16 to $25, $27, $28
 * Convention of a C call (Calling Standard for Alpha, 3): $16 to $21, then 0(sp) and up; result $0;
 * sp is a multiple of 16 always; $27 holds the address of the procedure called, from which it finds
 * its table of addresses, $29.
 */

    .set noreorder
    .set noat
    .text

    .globl _start
    .ent _start
_start:
    .frame $30, 16, $26, 0
    br $27, 1f
1:  ldgp $29, 0($27)
    .prologue 1
    lda $1, -16($31)
    and $30, $1, $30
    mov $31, $15                /* ends a debugger's walk up the stack */
    jsr $26, probe_start        /* does not return */
    call_pal 0x81               /* bugchk: if it does return, die here */
    .end _start

/* long rt_syscall(long number, long a, long b, long c, long d, long e, long f) */
    .globl rt_syscall
    .ent rt_syscall
rt_syscall:
    .frame $30, 0, $26, 0
    .prologue 0
    mov $16, $0
    mov $17, $16
    mov $18, $17
    mov $19, $18
    mov $20, $19
    mov $21, $20
    ldq $21, 0($30)
    call_pal 0x83               /* callsys */
    negq $0, $1
    cmovne $19, $1, $0
    ret $31, ($26), 1
    .end rt_syscall

    .section .note.GNU-stack, "", @progbits
