/* SPDX-License-Identifier: BSD-3-Clause */
/* Exceptions and interrupts. All of it, and what it refers to, is in the two pairs of pages that stay in the TLB: while
   the exception level is set, a page that is not there cannot be had. Faults have a stack of their own, so that a stack
   overflow is reported too; interrupts go back to the stack that they interrupted.
   [MIPS32 volume III, exceptions, vector offsets] */

    .set    noreorder
    .set    noat

#define EXCEPTION_CODE  0x7c                    /* of Cause */

    .section .text.unicore_vectors, "ax", @progbits
    .globl  unicore_vectors
unicore_vectors:                                /* a page that the TLB has not */
    j       refill
    nop
    .org    0x100                               /* cache error: nothing left to run */
    b       .
    nop
    .org    0x180
    mfc0    $k0, $13
    andi    $k0, $k0, EXCEPTION_CODE
    beqz    $k0, interrupt
    nop

exception:                                      /* nothing comes back from here */
    la      $k0, unicore_fault_record
    .irp    n, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
    sw      $\n, \n * 4 - 4($k0)
    .endr
    mfhi    $t0
    sw      $t0, 124($k0)
    mflo    $t0
    sw      $t0, 128($k0)
    mfc0    $t0, $14                            /* EPC */
    sw      $t0, 132($k0)
    move    $a0, $k0
    mfc0    $a1, $13
    mfc0    $a2, $8                             /* BadVAddr */
    mfc0    $t0, $12
    ins     $t0, $zero, 0, 5                    /* kernel mode, no exception level, masked */
    mtc0    $t0, $12
    ehb
    jal     unicore_exception
    addiu   $sp, $k0, -16                       /* delay slot; k0 is still good: no page was missed */

    .macro  refill_registers instruction
    .irp    n, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,24,25
    \instruction $\n, \n * 4 - 4 - (\n / 24) * 32($k0)
    .endr
    \instruction $sp, 68($k0)
    \instruction $ra, 72($k0)
    .endm

refill:
    la      $k0, unicore_refill_frame
    refill_registers sw
    mfhi    $k1
    sw      $k1, 76($k0)
    mflo    $k1
    sw      $k1, 80($k0)
    jal     unicore_refill
    addiu   $sp, $k0, -16
    la      $k0, unicore_refill_frame
    lw      $k1, 76($k0)
    mthi    $k1
    lw      $k1, 80($k0)
    mtlo    $k1
    move    $k1, $v0
    refill_registers lw
    beqz    $k1, exception                      /* nothing is mapped there */
    nop
    eret

#define WAIT_SIZE 12                            /* from unicore_wait to `waited` */
#define AT      0                               /* in unicore_interrupted: nothing interrupts an interrupt */
#define EPC     4
#define STATUS  8

    .macro  interrupt_registers instruction
    .irp    n, 1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,24,25
    \instruction $\n, \n * 4 + 12 - (\n / 24) * 32($sp)
    .endr
    \instruction $ra, 84($sp)
    .endm

interrupt:
    la      $k0, unicore_interrupted
    sw      $at, AT($k0)
    mfc0    $k1, $14
    la      $at, unicore_wait
    subu    $at, $k1, $at
    sltiu   $at, $at, WAIT_SIZE
    beqz    $at, 1f
    lw      $at, AT($k0)
    la      $k1, waited                         /* before the wait that this ends */
1:  sw      $k1, EPC($k0)
    mfc0    $k1, $12
    sw      $k1, STATUS($k0)
    ins     $k1, $zero, 0, 5
    mtc0    $k1, $12
    ehb                                         /* from here on the TLB is filled again, and k0 and k1 are lost */
    addiu   $sp, $sp, -96
    interrupt_registers sw
    mfhi    $t0
    sw      $t0, 88($sp)
    mflo    $t0
    jal     unicore_interrupt
    sw      $t0, 92($sp)
    lw      $t0, 88($sp)
    mthi    $t0
    lw      $t0, 92($sp)
    mtlo    $t0
    interrupt_registers lw
    addiu   $sp, $sp, 96
    la      $k0, unicore_interrupted
    lw      $k1, STATUS($k0)
    mtc0    $k1, $12                            /* with the exception level */
    lw      $k1, EPC($k0)
    mtc0    $k1, $14
    ehb
    eret

    /* Opens the mask and waits, as one step: an interrupt before WAIT goes on behind it. */
    .globl  unicore_wait
    .type   unicore_wait, @function
unicore_wait:
    ei
    ehb
    wait
waited:
    .if     waited - unicore_wait - WAIT_SIZE
    .error  "WAIT_SIZE"
    .endif
    di
    jr.hb   $ra
    nop
    .size   unicore_wait, . - unicore_wait

    /* Forgets all of the TLB but what stays there: each entry gets an address of its own in kseg0, where nothing is
       mapped. Nothing may miss a page meanwhile. */
    .globl  unicore_forget_tlb
    .type   unicore_forget_tlb, @function
unicore_forget_tlb:
    di      $t3
    ehb
    mfc0    $t0, $6                             /* Wired */
    mfc0    $t1, $16, 1
    ext     $t1, $t1, 25, 6                     /* Config1.MMUSize: the last entry */
    li      $t2, 1
    mtc0    $t2, $2                             /* global, not valid */
    mtc0    $t2, $3
    mtc0    $zero, $5
1:  sll     $t2, $t0, 13
    lui     $at, 0x8000
    or      $t2, $t2, $at
    mtc0    $t2, $10
    mtc0    $t0, $0
    ehb
    tlbwi
    bne     $t0, $t1, 1b
    addiu   $t0, $t0, 1
    mtc0    $zero, $10
    andi    $t3, $t3, 1
    beqz    $t3, 1f
    nop
    ei
1:  jr.hb   $ra
    nop
    .size   unicore_forget_tlb, . - unicore_forget_tlb

    .section .note.GNU-stack, "", @progbits
