/* i386.S - start and system calls of a probe on 32-bit x86 Linux, without libc.
 *
 * In: a fresh process. Out: probe_start() entered with a C stack; rt_syscall() as a C function.
 *
 * Convention of a system call (arch/x86/entry/entry_32.S, entry_INT80_32; syscall(2)):
 *     instruction  int $0x80
 *     number       eax
 *     arguments    ebx ecx edx esi edi ebp
 *     result       eax; -errno from -4095 to -1
 *     clobbers     nothing else
 * Convention of a C call (System V ABI i386, 2.2): everything on the stack, the first argument above
 * the return address; result eax; ebx esi edi ebp are the caller's; esp is a multiple of 16 at the
 * call.
 */

    .text

    .globl _start
    .type _start, @function
_start:
    xor %ebp, %ebp              /* ends a debugger's walk up the stack */
    and $-16, %esp
    call probe_start            /* does not return */
    hlt                         /* not allowed to a program: if it does return, die here */
    .size _start, . - _start

/* long rt_syscall(long number, long a, long b, long c, long d, long e, long f) */
    .globl rt_syscall
    .type rt_syscall, @function
rt_syscall:
    push %ebx
    push %esi
    push %edi
    push %ebp
    mov 20(%esp), %eax          /* above four words saved and the return address */
    mov 24(%esp), %ebx
    mov 28(%esp), %ecx
    mov 32(%esp), %edx
    mov 36(%esp), %esi
    mov 40(%esp), %edi
    mov 44(%esp), %ebp
    int $0x80
    pop %ebp
    pop %edi
    pop %esi
    pop %ebx
    ret
    .size rt_syscall, . - rt_syscall

    .section .note.GNU-stack, "", @progbits
