# SPDX-License-Identifier: BSD-3-Clause
# Entry of exceptions and interrupts. Each vector has a call of its own; the return address that it
# pushes tells which one it was, and C++ knows which vectors come with an error code.

.section .text.unicore_traps, "ax"
.code64
.global unicore_trap_entries
unicore_trap_entries:
.rept 64
    .byte 0xe8                           # call rel32, five bytes each
    .long trap - . - 4
.endr

trap:
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
