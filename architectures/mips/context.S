/* SPDX-License-Identifier: BSD-3-Clause */
/* From one thread to another: what functions keep, with FCSR, is on the stack of the one that does not run.
   [System V ABI MIPS, 3-14 to 3-16: $f20 to $f31 as pairs] */

    .set    noreorder
    .set    noat

    .section .text.unicore_switch, "ax", @progbits
    .globl  unicore_switch
    .type   unicore_switch, @function
    .ent    unicore_switch
unicore_switch:                                 /* a0: the context that is left, a1: the other */
    addiu   $sp, $sp, -96
    sw      $ra, 92($sp)
    sw      $fp, 88($sp)
    sw      $s7, 84($sp)
    sw      $s6, 80($sp)
    sw      $s5, 76($sp)
    sw      $s4, 72($sp)
    sw      $s3, 68($sp)
    sw      $s2, 64($sp)
    sw      $s1, 60($sp)
    sw      $s0, 56($sp)
    cfc1    $t0, $31
    sdc1    $f30, 40($sp)
    sdc1    $f28, 32($sp)
    sdc1    $f26, 24($sp)
    sdc1    $f24, 16($sp)
    sdc1    $f22, 8($sp)
    sdc1    $f20, 0($sp)
    sw      $t0, 4($a0)
    sw      $sp, 0($a0)
    lw      $sp, 0($a1)
    lw      $t0, 4($a1)
    ldc1    $f20, 0($sp)
    ldc1    $f22, 8($sp)
    ldc1    $f24, 16($sp)
    ldc1    $f26, 24($sp)
    ldc1    $f28, 32($sp)
    ldc1    $f30, 40($sp)
    ctc1    $t0, $31
    lw      $s0, 56($sp)
    lw      $s1, 60($sp)
    lw      $s2, 64($sp)
    lw      $s3, 68($sp)
    lw      $s4, 72($sp)
    lw      $s5, 76($sp)
    lw      $s6, 80($sp)
    lw      $s7, 84($sp)
    lw      $fp, 88($sp)
    lw      $ra, 92($sp)
    jr      $ra
    addiu   $sp, $sp, 96
    .end    unicore_switch
    .size   unicore_switch, . - unicore_switch

    .section .text.unicore_prepare, "ax", @progbits
    .globl  unicore_prepare
    .type   unicore_prepare, @function
    .ent    unicore_prepare
unicore_prepare:                                /* a0: context, a1: the stack's end, a2: main, a3: its argument */
    addiu   $a1, $a1, -112                      /* with the 16 bytes that a caller leaves for arguments */
    cfc1    $t0, $31
    sw      $a1, 0($a0)
    sw      $t0, 4($a0)
    sw      $a2, 56($a1)                        /* s0 */
    sw      $a3, 60($a1)                        /* s1 */
    sw      $zero, 88($a1)                      /* fp: the chain of calls ends here */
    lui     $t0, %hi(begin)
    addiu   $t0, $t0, %lo(begin)
    jr      $ra
    sw      $t0, 92($a1)
begin:
    jalr    $s0
    move    $a0, $s1
    break
    .end    unicore_prepare
    .size   unicore_prepare, . - unicore_prepare

    /* arch::InterruptedState: $f0 to $f31 as pairs, FCSR, and what vectors.S notes of an interrupt; under Linux there is
       no such note. */
    .macro  floating_point_registers instruction
    .irp    n, 0,2,4,6,8,10,12,14,16,18,20,22,24,26,28,30
    \instruction $f\n, \n * 4($a0)
    .endr
    .endm

    .weak   unicore_interrupted

    .section .text.unicore_save_interrupted, "ax", @progbits
    .globl  unicore_save_interrupted
    .type   unicore_save_interrupted, @function
    .ent    unicore_save_interrupted
unicore_save_interrupted:
    floating_point_registers sdc1
    cfc1    $t0, $31
    lui     $t1, %hi(unicore_interrupted)
    addiu   $t1, $t1, %lo(unicore_interrupted)
    beqz    $t1, 1f
    sw      $t0, 128($a0)
    lw      $t0, 0($t1)
    lw      $t2, 4($t1)
    lw      $t3, 8($t1)
    sw      $t0, 132($a0)
    sw      $t2, 136($a0)
    sw      $t3, 140($a0)
1:  jr      $ra
    nop
    .end    unicore_save_interrupted
    .size   unicore_save_interrupted, . - unicore_save_interrupted

    .section .text.unicore_restore_interrupted, "ax", @progbits
    .globl  unicore_restore_interrupted
    .type   unicore_restore_interrupted, @function
    .ent    unicore_restore_interrupted
unicore_restore_interrupted:
    floating_point_registers ldc1
    lw      $t0, 128($a0)
    ctc1    $t0, $31
    lui     $t1, %hi(unicore_interrupted)
    addiu   $t1, $t1, %lo(unicore_interrupted)
    beqz    $t1, 1f
    lw      $t0, 132($a0)
    lw      $t2, 136($a0)
    lw      $t3, 140($a0)
    sw      $t0, 0($t1)
    sw      $t2, 4($t1)
    sw      $t3, 8($t1)
1:  jr      $ra
    nop
    .end    unicore_restore_interrupted
    .size   unicore_restore_interrupted, . - unicore_restore_interrupted

    .section .note.GNU-stack, "", @progbits
