/* SPDX-License-Identifier: BSD-3-Clause */
/* Exceptions and interrupts. Everything runs in SVC mode; the modes of faults have a stack of their own, so that a
   stack overflow is reported too. Interrupts go back to the stack that they interrupted.
   [Arm DDI 0406C, B1.8.1, B1.8.3: where the link register points] */

    .section .text.unicore_vectors, "ax", %progbits
    .globl  unicore_vectors
    .balign 32
unicore_vectors:
    b       .                                   /* reset: another way */
    b       undefined
    b       .                                   /* supervisor call: nobody makes one */
    b       prefetch_abort
    b       data_abort
    b       .                                   /* hypervisor's */
    b       interrupt
    b       .                                   /* fast interrupts stay masked */

undefined:
    sub     lr, lr, #4
    sub     sp, sp, #68
    stmia   sp, {r0-r12}
    mov     r1, #0
    b       exception
prefetch_abort:
    sub     lr, lr, #4
    sub     sp, sp, #68
    stmia   sp, {r0-r12}
    mov     r1, #1
    b       exception
data_abort:
    sub     lr, lr, #8
    sub     sp, sp, #68
    stmia   sp, {r0-r12}
    mov     r1, #2
exception:                                      /* nothing comes back from here */
    mov     r0, sp
    mov     r4, lr
    mrs     r5, spsr
    cps     #0x13
    mov     r2, sp
    mov     r3, lr
    mov     sp, r0
    add     r6, r0, #52
    stmia   r6, {r2, r3, r4, r5}
    bic     sp, sp, #7
    bl      unicore_exception

interrupt:
    sub     lr, lr, #4
    srsdb   sp!, #0x13
    cps     #0x13
    push    {r0-r3, r12, lr}
    and     r1, sp, #4
    sub     sp, sp, r1
    push    {r1, r2}
    bl      unicore_interrupt
    pop     {r1, r2}
    add     sp, sp, r1
    pop     {r0-r3, r12, lr}
    rfeia   sp!

    .section .note.GNU-stack, "", %progbits
