/* x86_64.S - start and system calls of a probe on x86-64 Linux, without libc.
 *
 * In: a fresh process. Out: probe_start() entered with a C stack; rt_syscall() as a C function.
 *
 * Convention of a system call (System V ABI AMD64, A.2.1; syscall(2)):
 *     instruction  syscall
 *     number       rax
 *     arguments    rdi rsi rdx r10 r8 r9
 *     result       rax; -errno from -4095 to -1
 *     clobbers     rcx (return address), r11 (flags)
 * Convention of a C call, 3.2.3: rdi rsi rdx rcx r8 r9, then the stack; result rax; rsp is a multiple
 * of 16 at the call.
 */

    .text

    .globl _start
    .type _start, @function
_start:
    xor %ebp, %ebp              /* ends a debugger's walk up the stack, as 3.4.1 asks */
    and $-16, %rsp
    call probe_start            /* does not return */
    hlt                         /* not allowed to a program: if it does return, die here */
    .size _start, . - _start

/* long rt_syscall(long number, long a, long b, long c, long d, long e, long f) */
    .globl rt_syscall
    .type rt_syscall, @function
rt_syscall:
    mov %rdi, %rax
    mov %rsi, %rdi
    mov %rdx, %rsi
    mov %rcx, %rdx
    mov %r8, %r10
    mov %r9, %r8
    mov 8(%rsp), %r9            /* above the return address */
    syscall
    ret
    .size rt_syscall, . - rt_syscall

    .section .note.GNU-stack, "", @progbits
