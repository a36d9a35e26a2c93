/* SPDX-License-Identifier: BSD-3-Clause */
/* Exceptions and interrupts. Everything runs with SP_EL0; an exception finds a stack of its own, SP_EL1, so
   that a stack overflow is reported too. Interrupts go back to the stack that they interrupted.
   There is no lower level, so the second half of the table has no entries, and other code lies there, as it does
   where entries are short. [Arm DDI 0487, D1.4.1: the table's entries are 128 bytes apart] */

#include "image.h"

    .macro  entry number
    .org    unicore_vectors + \number * 128
    .endm

    .section .text.unicore_vectors, "ax", @progbits
    .globl  unicore_vectors
    .balign 2048
unicore_vectors:
exception:                                      /* synchronous; nothing comes back from here */
    sub     sp, sp, #272
    stp     x0, x1, [sp]
    stp     x2, x3, [sp, #16]
    stp     x4, x5, [sp, #32]
    stp     x6, x7, [sp, #48]
    stp     x8, x9, [sp, #64]
    stp     x10, x11, [sp, #80]
    stp     x12, x13, [sp, #96]
    stp     x14, x15, [sp, #112]
    stp     x16, x17, [sp, #128]
    stp     x18, x19, [sp, #144]
    stp     x20, x21, [sp, #160]
    stp     x22, x23, [sp, #176]
    stp     x24, x25, [sp, #192]
    stp     x26, x27, [sp, #208]
    stp     x28, x29, [sp, #224]
    mrs     x0, sp_el0
    stp     x30, x0, [sp, #240]
    mrs     x0, elr_el1
    mrs     x1, spsr_el1
    stp     x0, x1, [sp, #256]
    mov     x0, sp
    bl      unicore_exception

    entry 1                                     /* an interrupt */
    msr     spsel, #0
    stp     x29, x30, [sp, #-176]!
    mrs     x30, elr_el1
    str     x30, [sp, #168]                     /* the frame record of what was interrupted, at 160 */
    str     x29, [sp, #160]
    add     x29, sp, #160
    stp     x0, x1, [sp, #16]
    stp     x2, x3, [sp, #32]
    stp     x4, x5, [sp, #48]
    stp     x6, x7, [sp, #64]
    stp     x8, x9, [sp, #80]
    stp     x10, x11, [sp, #96]
    stp     x12, x13, [sp, #112]
    stp     x14, x15, [sp, #128]
    stp     x16, x17, [sp, #144]
    mrs     x0, spsr_el1
    stp     x18, x0, [sp, #-16]!
    bl      unicore_interrupt
    ldp     x18, x0, [sp], #16
    msr     spsr_el1, x0
    b       interrupt_return

interrupt_return:                               /* in the place of fast interrupts, which stay masked */
    ldr     x30, [sp, #168]
    msr     elr_el1, x30
    ldp     x0, x1, [sp, #16]
    ldp     x2, x3, [sp, #32]
    ldp     x4, x5, [sp, #48]
    ldp     x6, x7, [sp, #64]
    ldp     x8, x9, [sp, #80]
    ldp     x10, x11, [sp, #96]
    ldp     x12, x13, [sp, #112]
    ldp     x14, x15, [sp, #128]
    ldp     x16, x17, [sp, #144]
    ldp     x29, x30, [sp], #176
    eret

    .globl  unicore_parts
    .balign 8
unicore_parts:                                  /* what the entry maps: see there */
    .word   0, unicore_text_end_offset, 0, PAGE | READ_ONLY
    .quad   0
    .word   unicore_rodata_offset, unicore_data_offset, SHIFT, PAGE | READ_ONLY
    .quad   EXECUTE_NEVER
    .word   unicore_data_offset, unicore_guard_offset, SHIFT, PAGE
    .quad   EXECUTE_NEVER
    .word   unicore_guard_offset + 4096, unicore_image_size, SHIFT, PAGE
    .quad   EXECUTE_NEVER
    .quad   0

    entry 3
    b       exception                           /* a system error */

    .globl  unicore_at_own_address
unicore_at_own_address:                         /* the entry's last part */
    adrp    x0, unicore_identity_root
    str     xzr, [x0, x22, lsl #3]
    adrp    x0, unicore_vectors
    add     x0, x0, :lo12:unicore_vectors
    msr     vbar_el1, x0
    dsb     sy
    tlbi    vmalle1
    dsb     sy
    isb
    adrp    x0, unicore_emergency_stack_top
    add     x0, x0, :lo12:unicore_emergency_stack_top
    mov     sp, x0                              /* of exceptions; everything else has SP_EL0 */
    msr     daifclr, #4                         /* system errors are reported at once */
    msr     spsel, #0
    adrp    x0, unicore_stack_top
    mov     sp, x0
    adrp    x0, unicore_zero_start
    add     x0, x0, :lo12:unicore_zero_start
    adrp    x1, unicore_zero_end
    add     x1, x1, :lo12:unicore_zero_end
1:  stp     xzr, xzr, [x0], #16
    stp     xzr, xzr, [x0], #16
    stp     xzr, xzr, [x0], #16
    stp     xzr, xzr, [x0], #16
    cmp     x0, x1
    b.lo    1b
    mov     x0, x20
    mov     x1, x21
    mov     x29, xzr                            /* the call chain ends here */
    mov     x30, xzr
    bl      unicore_platform_start

    entry 4                                     /* in the handler of an exception, where all else is masked */
    b       exception

    .section .note.GNU-stack, "", @progbits
