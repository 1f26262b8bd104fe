/* x32.S - start and system calls of a probe on x86-64 Linux with 32-bit pointers, without libc.
 *
 * In: a fresh process. Out: probe_start() entered with a C stack; rt_syscall() as a C function.
 *
 * Convention of a system call (System V ABI AMD64, A.2.1; arch/x86/entry/entry_64.S; syscall(2)):
 *     instruction  syscall
 *     number       rax, with bit 30 set, which <asm/unistd.h> does
 *     arguments    rdi rsi rdx r10 r8 r9, all 64 bits of each: a pointer is zero-extended
 *     result       rax; -errno from -4095 to -1
 *     clobbers     rcx (return address), r11 (flags)
 * Convention of a C call, 3.2.3: rdi rsi rdx rcx r8 r9, then the stack in slots of 8 bytes, the upper
 * halves undefined; result eax; rsp is a multiple of 16 at the call.
 */

    .text

    .globl _start
    .type _start, @function
_start:
    xor %ebp, %ebp              /* ends a debugger's walk up the stack, as 3.4.1 asks */
    and $-16, %esp
    call probe_start            /* does not return */
    hlt                         /* not allowed to a program: if it does return, die here */
    .size _start, . - _start

/* long rt_syscall(long number, long a, long b, long c, long d, long e, long f) */
    .globl rt_syscall
    .type rt_syscall, @function
rt_syscall:
    mov %edi, %eax              /* writing the lower half clears the upper one */
    mov %esi, %edi
    mov %edx, %esi
    mov %ecx, %edx
    mov %r8d, %r10d
    mov %r9d, %r8d
    mov 8(%rsp), %r9d           /* above the return address */
    syscall
    ret
    .size rt_syscall, . - rt_syscall

    .section .note.GNU-stack, "", @progbits
