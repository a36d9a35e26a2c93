/* SPDX-License-Identifier: BSD-3-Clause */
/* Where the kernel enters the process. [execve(2): sp -> argc, argv…, 0, envp…, 0, auxv; AAPCS32, 6.2.1.2: 8 bytes] */

    .syntax unified
    .arm
    .section .text.unicore_linux_entry, "ax", %progbits
    .globl  unicore_linux_entry
    .type   unicore_linux_entry, %function
unicore_linux_entry:
    mov     r11, #0                     /* the call chain ends here */
    mov     r0, sp
    bl      unicore_linux_start         /* does not return */
    .size   unicore_linux_entry, . - unicore_linux_entry

    .section .note.GNU-stack, "", %progbits
