/* SPDX-License-Identifier: BSD-3-Clause */
/* Exceptions and interrupts. Everything runs with SP_EL0; an exception finds a stack of its own, SP_EL1, so
   that a stack overflow is reported too. Interrupts go back to the stack that they interrupted.
   There is no lower level, so the second half of the table has no entries, and other code lies there.
   [Arm DDI 0487, D1.4.1: the table's entries are 128 bytes apart] */

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

    entry 3
    b       exception                           /* a system error */

    entry 4                                     /* in the handler of an exception, where all else is masked */
    b       exception

    .section .note.GNU-stack, "", @progbits
