# SPDX-License-Identifier: BSD-3-Clause
# Entries of a PV domain, which runs in ring 3: start, exceptions, events. The hypervisor pushes %rcx
# and %r11 onto what the CPU would push. [Xen, xen/include/public/arch-x86/xen-x86_64.h]
#define __ASSEMBLY__
#include <xen/xen.h>

.section .text.unicore_xen_pv, "ax"
.code64
.global unicore_xen_pv_entry
unicore_xen_pv_entry:                    # %rsi: start_info
    cld
    xor %ebp, %ebp                       # ends the frame-pointer chain
    mov $unicore_stack_top, %esp
    mov %rsi, %rdi
    call unicore_xen_pv_start

.global unicore_xen_pv_traps
unicore_xen_pv_traps:                    # four bytes each
.set vector, 0
.rept 20
    push $vector
    jmp 1f
    .set vector, vector + 1
.endr
.org unicore_xen_pv_traps + 20 * 4
1:  mov 8(%rsp), %rcx
    mov 16(%rsp), %r11
    pop 8(%rsp)                          # the vector onto what the CPU itself would have pushed
    add $8, %rsp
    jmp unicore_trap_entry

.global unicore_xen_pv_upcall
unicore_xen_pv_upcall:                   # events are masked: the hypervisor did that
    push %rax
    push %rdx
    push %rsi
    push %rdi
    push %r8
    push %r9
    push %r10
    push %rbx
    cld
    mov %rsp, %rbx
    and $-16, %rsp
    call unicore_xen_handle
    mov %rbx, %rsp
    pop %rbx
    pop %r10
    pop %r9
    pop %r8
    pop %rdi
    pop %rsi
    pop %rdx
    pop %rax
    pop %rcx
    pop %r11
    push $0                              # struct iret_context, whose rest lies there already
    push %rcx
    push %r11
    push %rax
    mov $__HYPERVISOR_iret, %eax         # opens the event mask as it was, and returns, in one step
    syscall
