/* SPDX-License-Identifier: BSD-3-Clause */
/* Where the kernel enters the process. [execve(2): $sp -> argc, argv…, 0, envp…, 0, auxv; System V ABI MIPS, 3-30: 8 bytes] */

    .set    noreorder
    .section .text.unicore_linux_entry, "ax", @progbits
    .globl  unicore_linux_entry
    .type   unicore_linux_entry, @function
unicore_linux_entry:
    move    $fp, $zero                  /* the call chain ends here */
    move    $a0, $sp
    jal     unicore_linux_start         /* does not return */
    addiu   $sp, $sp, -16               /* room for its arguments' homes, which is not argc's */
    .size   unicore_linux_entry, . - unicore_linux_entry

    .section .note.GNU-stack, "", @progbits
