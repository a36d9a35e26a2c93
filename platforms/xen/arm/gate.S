/* SPDX-License-Identifier: BSD-3-Clause */
/* Into the hypervisor: five arguments, the fifth and the number on the stack; results have 32 bits and a sign. All other
   registers stay. [Xen, xen/include/public/arch-arm.h, "Hypercall Calling Convention"] */

    .arch_extension virt

    .section .text.unicore_xen_hypercall, "ax", %progbits
    .globl  unicore_xen_hypercall
    .type   unicore_xen_hypercall, %function
unicore_xen_hypercall:
    push    {r4, r5}
    ldr     r4, [sp, #8]
    ldr     r12, [sp, #12]
    hvc     #0xea1
    asr     r1, r0, #31
    pop     {r4, r5}
    bx      lr
    .size   unicore_xen_hypercall, . - unicore_xen_hypercall

    .section .note.GNU-stack, "", %progbits
