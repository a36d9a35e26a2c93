# SPDX-License-Identifier: BSD-3-Clause
# Into the hypervisor: by the instruction that the kind of domain and CPU has. Hypercall pages hold
# nothing else, and would cost a page. [Xen, xen/include/public/arch-x86/xen-x86_64.h; AMD APM vol. 3, VMMCALL]

.section .text.unicore_xen_gate, "ax"
.code64
.global unicore_xen_hypercall
unicore_xen_hypercall:                   # five arguments, then the number
    mov %rcx, %r10
    mov %r9d, %eax
    jmp *unicore_xen_gate

pv: syscall
    ret
.global unicore_xen_gate_amd
unicore_xen_gate_amd:
    vmmcall
    ret
.global unicore_xen_gate_intel
unicore_xen_gate_intel:
    vmcall
    ret

.section .data.unicore_xen_gate, "aw"
.balign 8
.global unicore_xen_gate
unicore_xen_gate: .quad pv

# Lets interrupts in and waits for one. In one place, so that an interrupt that comes in between is known.
.section .text.unicore_xen_halt, "ax"
.global unicore_xen_open_and_halt, unicore_xen_halt
unicore_xen_open_and_halt:
    sti
unicore_xen_halt:
    hlt
    ret
