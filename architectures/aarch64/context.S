/* SPDX-License-Identifier: BSD-3-Clause */
/* From one thread to another: what functions keep, with FPCR, is on the stack of the one that does not run.
   [AAPCS64, 6.1.1, 6.1.2] */

    .arch_extension fp                          /* the core is compiled without */
    .arch_extension simd

    .section .text.unicore_switch, "ax", @progbits
    .globl  unicore_switch
    .type   unicore_switch, @function
unicore_switch:                                 /* x0: the context that is left, x1: the other */
    stp     x29, x30, [sp, #-160]!
    stp     x19, x20, [sp, #16]
    stp     x21, x22, [sp, #32]
    stp     x23, x24, [sp, #48]
    stp     x25, x26, [sp, #64]
    stp     x27, x28, [sp, #80]
    stp     d8, d9, [sp, #96]
    stp     d10, d11, [sp, #112]
    stp     d12, d13, [sp, #128]
    stp     d14, d15, [sp, #144]
    mov     x2, sp
    mrs     x3, fpcr
    stp     x2, x3, [x0]
    ldp     x2, x3, [x1]
    mov     sp, x2
    msr     fpcr, x3
    ldp     x19, x20, [sp, #16]
    ldp     x21, x22, [sp, #32]
    ldp     x23, x24, [sp, #48]
    ldp     x25, x26, [sp, #64]
    ldp     x27, x28, [sp, #80]
    ldp     d8, d9, [sp, #96]
    ldp     d10, d11, [sp, #112]
    ldp     d12, d13, [sp, #128]
    ldp     d14, d15, [sp, #144]
    ldp     x29, x30, [sp], #160
    ret
    .size   unicore_switch, . - unicore_switch

    .section .text.unicore_prepare, "ax", @progbits
    .globl  unicore_prepare
    .type   unicore_prepare, @function
unicore_prepare:                                /* x0: context, x1: the stack's end, x2: main, x3: its argument */
    sub     x1, x1, #160
    mrs     x4, fpcr
    stp     x1, x4, [x0]
    adr     x4, begin
    stp     xzr, x4, [x1]                       /* the chain of calls ends here */
    stp     x2, x3, [x1, #16]                   /* x19, x20 */
    ret
begin:
    mov     x0, x20
    blr     x19
    brk     #1
    .size   unicore_prepare, . - unicore_prepare

    .section .note.GNU-stack, "", @progbits
