/* SPDX-License-Identifier: BSD-3-Clause */
/* From the loader, which enters in kseg0, the loaded image's unmapped addresses, to C++ at the image's own in kseg2, with
   the TLB in charge of all there is. [MIPS32 volume III: virtual memory, segmentation
   control, and the registers by their names] */

    .set    noreorder
    .set    noat

#define UNMAPPED        0x40000000              /* how much lower kseg0 is */
#define LOW_BITS        3                       /* three bits of an address that are no physical ones */
#define READ_EXECUTE    0x0000001b              /* EntryLo: cached, valid, global; see mips/mappings.hpp */
#define READ            0x4000001b
#define READ_WRITE      0x4000001f
#define DEVICE          0x40000017
#define GLOBAL          1
#define STATUS          0x20000000              /* CU1: applications have the FPU, the core has no such instruction */
#define BEV             0x00400000              /* vectors are firmware's */
#define WRITE_GATE      0x800                   /* EBase.WG: upper bits, too */
#define PROTECTION      0xc8000000              /* PageGrain: RIE, XIE, and exceptions of their own for them, IEC */
#define MAPPED_KERNEL   0x00130013              /* SegCtl1: kseg0 and kseg1 are no windows to all memory any more */
#define COUNT_OFFSET    288
#define PARTS           5

    /* EntryLo for the physical page of `symbol`. */
    .macro  entry_low register, symbol, rights
    la      \register, \symbol
    sll     \register, \register, LOW_BITS
    srl     \register, \register, LOW_BITS + 6
    li      $at, \rights
    or      \register, \register, $at
    .endm

    .section .text.unicore_entry, "ax", @progbits
    .globl  unicore_entry
    .type   unicore_entry, @function
unicore_entry:
    move    $s0, $a0
    move    $s1, $a1
    move    $s2, $a2
    move    $s3, $a3
    li      $t0, STATUS | BEV                   /* all masked, kernel mode, no exception level */
    mtc0    $t0, $12
    mtc0    $zero, $13                          /* Cause: no vector of their own for interrupts */
    ehb

    mfc0    $t0, $16, 1                         /* Config1 to Config3, each says whether there is the next */
    andi    $t1, $t0, 1
    beqz    $t1, 1f
    nop
    ctc1    $zero, $31                          /* FCSR: nothing traps, to the nearest */
1:  mfc0    $t1, $16, 2
    and     $t0, $t0, $t1
    bgez    $t0, 1f
    move    $s4, $zero
    mfc0    $s4, $16, 3
1:  ext     $t0, $s4, 12, 1                     /* RXI */
    beqz    $t0, 1f
    li      $t0, PROTECTION
    mtc0    $t0, $5, 1
    ehb
1:
    /* The TLB: empty, then the two pairs that stay. */
    mtc0    $zero, $6
    ehb
    jal     unicore_forget_tlb
    nop
    la      $t0, unicore_text_first
    mtc0    $t0, $10
    entry_low $t0, unicore_text_first, READ_EXECUTE
    mtc0    $t0, $2
    addiu   $t1, $t0, 4096 >> 6
    la      $t0, unicore_text_first + 4096
    la      $t2, unicore_text_end
    sltu    $t2, $t0, $t2
    li      $t0, GLOBAL
    movn    $t0, $t1, $t2                       /* when there is a second page */
    mtc0    $t0, $3
    mtc0    $zero, $0
    ehb
    tlbwi
    la      $t0, unicore_resident_first
    mtc0    $t0, $10
    entry_low $t0, unicore_resident_first, READ_WRITE
    mtc0    $t0, $2
    li      $t0, GLOBAL
    mtc0    $t0, $3
    li      $t0, 1
    mtc0    $t0, $0
    ehb
    tlbwi
    li      $t0, 2
    mtc0    $t0, $6

    /* What the TLB is filled from, in the resident page. */
    la      $t0, unicore_resident_first - UNMAPPED
    la      $t1, unicore_guard_first - UNMAPPED
1:  sw      $zero, 0($t0)
    addiu   $t0, $t0, 4
    bne     $t0, $t1, 1b
    nop
    la      $t0, unicore_mappings - UNMAPPED
    la      $t1, parts - UNMAPPED
    la      $t2, parts_end - UNMAPPED
1:  lw      $t3, 0($t1)
    addiu   $t1, $t1, 4
    sw      $t3, 0($t0)
    bne     $t1, $t2, 1b
    addiu   $t0, $t0, 4
    la      $t0, unicore_mappings - UNMAPPED
    li      $t1, PARTS
    sw      $t1, COUNT_OFFSET($t0)
    la      $t0, unicore_current_mappings - UNMAPPED
    la      $t1, unicore_mappings
    sw      $t1, 0($t0)

    la      $t0, unicore_text_first + WRITE_GATE
    mtc0    $t0, $15, 1                         /* EBase, which takes the upper bits when the gate is open */
    ehb
    mtc0    $t0, $15, 1
    li      $t0, STATUS
    mtc0    $t0, $12
    la      $t0, at_own_address
    jr.hb   $t0
    nop

at_own_address:
    ext     $t0, $s4, 25, 1                     /* SC */
    beqz    $t0, 1f
    li      $t0, MAPPED_KERNEL
    mtc0    $t0, $5, 3
    ehb
1:  la      $sp, unicore_stack_top
    la      $t0, unicore_zero_start
    la      $t1, unicore_zero_end
    beq     $t0, $t1, 2f
    nop
1:  sw      $zero, 0($t0)
    sw      $zero, 4($t0)
    addiu   $t0, $t0, 8
    bne     $t0, $t1, 1b
    nop
2:  move    $a0, $s0
    move    $a1, $s1
    move    $a2, $s2
    move    $a3, $s3
    move    $fp, $zero                          /* the call chain ends here */
    jal     unicore_platform_start              /* does not return */
    addiu   $sp, $sp, -16                       /* room for its arguments' homes */
    .size   unicore_entry, . - unicore_entry

    /* The first mappings. The pairs that stay are none of them. */
parts:
    .word   unicore_image_first, unicore_rodata_end, READ
    .word   unicore_text_first + 8192, unicore_text_pages_end, READ_EXECUTE
    .word   unicore_data_first, unicore_data_end, READ_WRITE
    .word   unicore_stack_first, unicore_image_end, READ_WRITE
    .word   unicore_io_ports, unicore_io_ports + 0x10000, DEVICE
parts_end:
    .if     parts_end - parts - PARTS * 12
    .error  "PARTS"
    .endif

    .section .note.GNU-stack, "", @progbits
