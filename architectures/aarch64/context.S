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

    .section .text.unicore_interrupted, "ax", @progbits
    .globl  unicore_save_interrupted
    .type   unicore_save_interrupted, @function
unicore_save_interrupted:                       /* x0: arch::InterruptedState */
    stp     q0, q1, [x0]
    stp     q2, q3, [x0, #32]
    stp     q4, q5, [x0, #64]
    stp     q6, q7, [x0, #96]
    stp     q8, q9, [x0, #128]
    stp     q10, q11, [x0, #160]
    stp     q12, q13, [x0, #192]
    stp     q14, q15, [x0, #224]
    stp     q16, q17, [x0, #256]
    stp     q18, q19, [x0, #288]
    stp     q20, q21, [x0, #320]
    stp     q22, q23, [x0, #352]
    stp     q24, q25, [x0, #384]
    stp     q26, q27, [x0, #416]
    stp     q28, q29, [x0, #448]
    stp     q30, q31, [x0, #480]
    add     x0, x0, #512
    mrs     x1, fpsr
    mrs     x2, fpcr
    stp     x1, x2, [x0]
    ret
    .size   unicore_save_interrupted, . - unicore_save_interrupted

    .globl  unicore_restore_interrupted
    .type   unicore_restore_interrupted, @function
unicore_restore_interrupted:
    ldp     q0, q1, [x0]
    ldp     q2, q3, [x0, #32]
    ldp     q4, q5, [x0, #64]
    ldp     q6, q7, [x0, #96]
    ldp     q8, q9, [x0, #128]
    ldp     q10, q11, [x0, #160]
    ldp     q12, q13, [x0, #192]
    ldp     q14, q15, [x0, #224]
    ldp     q16, q17, [x0, #256]
    ldp     q18, q19, [x0, #288]
    ldp     q20, q21, [x0, #320]
    ldp     q22, q23, [x0, #352]
    ldp     q24, q25, [x0, #384]
    ldp     q26, q27, [x0, #416]
    ldp     q28, q29, [x0, #448]
    ldp     q30, q31, [x0, #480]
    add     x0, x0, #512
    ldp     x1, x2, [x0]
    msr     fpsr, x1
    msr     fpcr, x2
    ret
    .size   unicore_restore_interrupted, . - unicore_restore_interrupted

    .section .note.GNU-stack, "", @progbits
