/* SPDX-License-Identifier: BSD-3-Clause */
/* From one thread to another: what functions keep, with FPSCR, is on the stack of the one that does not run.
   [AAPCS32, 6.1.1, 6.1.2] */

    .fpu neon

    .section .text.unicore_switch, "ax", %progbits
    .globl  unicore_switch
    .type   unicore_switch, %function
unicore_switch:                                 /* r0: the context that is left, r1: the other */
    push    {r4-r11, lr}
    vpush   {d8-d15}
    vmrs    r2, fpscr
    str     sp, [r0]
    str     r2, [r0, #4]
    ldr     sp, [r1]
    ldr     r2, [r1, #4]
    vmsr    fpscr, r2
    vpop    {d8-d15}
    pop     {r4-r11, pc}
    .size   unicore_switch, . - unicore_switch

    .section .text.unicore_prepare, "ax", %progbits
    .globl  unicore_prepare
    .type   unicore_prepare, %function
unicore_prepare:                                /* r0: context, r1: the stack's end, r2: main, r3: its argument */
    sub     r12, r1, #36                        /* r4 to r11, the link register: main finds the stack aligned */
    stm     r12, {r2, r3}                       /* r4, r5 */
    sub     r1, r12, #64                        /* d8 to d15 */
    str     r1, [r0]
    vmrs    r1, fpscr
    str     r1, [r0, #4]
    mov     r1, #0
    str     r1, [r12, #28]                      /* r11: the chain of calls ends here */
    adr     r1, begin
    str     r1, [r12, #32]
    bx      lr
begin:
    mov     r0, r5
    blx     r4
    udf     #0
    .size   unicore_prepare, . - unicore_prepare

    .section .text.unicore_interrupted, "ax", %progbits
    .globl  unicore_save_interrupted
    .type   unicore_save_interrupted, %function
unicore_save_interrupted:                       /* r0: arch::InterruptedState */
    vstmia  r0!, {d0-d15}
    vstmia  r0!, {d16-d31}
    vmrs    r1, fpscr
    str     r1, [r0]
    bx      lr
    .size   unicore_save_interrupted, . - unicore_save_interrupted

    .globl  unicore_restore_interrupted
    .type   unicore_restore_interrupted, %function
unicore_restore_interrupted:
    vldmia  r0!, {d0-d15}
    vldmia  r0!, {d16-d31}
    ldr     r1, [r0]
    vmsr    fpscr, r1
    bx      lr
    .size   unicore_restore_interrupted, . - unicore_restore_interrupted

    .section .note.GNU-stack, "", %progbits
