/* SPDX-License-Identifier: BSD-3-Clause */
/* Where the kernel enters the process, and how signal handlers return.
   [System V ABI x86-64, 3.4.1: %rsp -> argc, argv…, 0, envp…, 0, auxv; direction flag clear] */

    .section .text.unicore_linux_entry, "ax", @progbits
    .globl  unicore_linux_entry
    .type   unicore_linux_entry, @function
unicore_linux_entry:
    xorl    %ebp, %ebp                  /* the call chain ends here */
    movq    %rsp, %rdi                  /* aligned to 16 by the kernel */
    call    unicore_linux_start         /* does not return */
    .size   unicore_linux_entry, . - unicore_linux_entry

/* The kernel demands SA_RESTORER on x86-64. [rt_sigaction(2), sigreturn(2)] */
    .section .text.unicore_linux_restore, "ax", @progbits
    .globl  unicore_linux_restore
    .type   unicore_linux_restore, @function
unicore_linux_restore:
    movl    $15, %eax                   /* rt_sigreturn */
    syscall
    .size   unicore_linux_restore, . - unicore_linux_restore

    .section .note.GNU-stack, "", @progbits
