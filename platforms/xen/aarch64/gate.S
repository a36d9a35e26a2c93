/* SPDX-License-Identifier: BSD-3-Clause */
/* Into the hypervisor: five arguments where the procedure call standard has them, then the number. All other registers
   stay. [Xen, xen/include/public/arch-arm.h, "Hypercall Calling Convention"] */

    .section .text.unicore_xen_hypercall, "ax", @progbits
    .globl  unicore_xen_hypercall
    .type   unicore_xen_hypercall, @function
unicore_xen_hypercall:
    mov     w16, w5
    hvc     #0xea1
    ret
    .size   unicore_xen_hypercall, . - unicore_xen_hypercall

    .section .note.GNU-stack, "", @progbits
