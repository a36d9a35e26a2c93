# SPDX-License-Identifier: BSD-3-Clause
# Entry of exceptions and interrupts. Each vector has an entry of its own, which pushes its number; C++
# knows which vectors come with an error code.

.section .text.unicore_traps, "ax"
.code64
.global unicore_trap_entries
unicore_trap_entries:                    # four bytes each
.set vector, 0
.rept 64
    push $vector
.if vector < 64 - 31
    jmp . + 31 * 4                       # as far as a short jump reaches: to a later entry's, which goes on
.else
    jmp trap
.endif
    .set vector, vector + 1
.endr
.org unicore_trap_entries + 64 * 4       # an error, where they are longer

.global unicore_trap_entry
unicore_trap_entry:                      # with the vector on top of what the CPU pushed
trap:                                    # jumps to global symbols are never short
    push %rax
    push %rcx
    push %rdx
    push %rbx
    push %rbp
    push %rsi
    push %rdi
    push %r8
    push %r9
    push %r10
    push %r11
    push %r12
    push %r13
    push %r14
    push %r15
    cld
    mov %rsp, %rdi
    mov %rsp, %rbx                       # an error code decides whether the stack is aligned
    and $-16, %rsp
    call unicore_trap
    mov %rbx, %rsp                       # only interrupts come back, and they have no error code
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %r11
    pop %r10
    pop %r9
    pop %r8
    pop %rdi
    pop %rsi
    pop %rbp
    pop %rbx
    pop %rdx
    pop %rcx
    pop %rax
    add $8, %rsp
    iretq
