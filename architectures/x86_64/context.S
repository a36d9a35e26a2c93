/* SPDX-License-Identifier: BSD-3-Clause */
/* From one thread to another: what functions keep, with the control bits of SSE and x87, is on the stack of the one
   that does not run. [System V ABI x86-64, 3.2.1, 3.2.3] */

    .text
    .section .text.unicore_switch, "ax", @progbits
    .globl  unicore_switch
    .type   unicore_switch, @function
unicore_switch:                                 # rdi: the context that is left, rsi: the other
    push    %rbp
    push    %rbx
    push    %r12
    push    %r13
    push    %r14
    push    %r15
    mov     %rsp, (%rdi)
    stmxcsr 8(%rdi)
    fnstcw  12(%rdi)
    mov     (%rsi), %rsp
    ldmxcsr 8(%rsi)
    fldcw   12(%rsi)
    pop     %r15
    pop     %r14
    pop     %r13
    pop     %r12
    pop     %rbx
    pop     %rbp
    ret
    .size   unicore_switch, . - unicore_switch

    .section .text.unicore_prepare, "ax", @progbits
    .globl  unicore_prepare
    .type   unicore_prepare, @function
unicore_prepare:                                # rdi: context, rsi: the stack's end, rdx: main, rcx: its argument
    add     $-56, %rsi
    mov     %rsi, (%rdi)
    stmxcsr 8(%rdi)
    fnstcw  12(%rdi)
    mov     %rcx, 24(%rsi)                      # r12
    mov     %rdx, 32(%rsi)                      # rbx
    movq    $0, 40(%rsi)                        # rbp: the chain of calls ends here
    lea     begin(%rip), %rcx
    mov     %rcx, 48(%rsi)
    ret
begin:
    mov     %r12, %rdi
    call    *%rbx
    ud2
    .size   unicore_prepare, . - unicore_prepare

    .section .text.unicore_interrupted, "ax", @progbits
    .globl  unicore_save_interrupted, unicore_restore_interrupted
    .type   unicore_save_interrupted, @function
unicore_save_interrupted:                       # rdi: arch::InterruptedState
    fxsave64 (%rdi)
    ret
    .size   unicore_save_interrupted, . - unicore_save_interrupted
    .type   unicore_restore_interrupted, @function
unicore_restore_interrupted:
    fxrstor64 (%rdi)
    ret
    .size   unicore_restore_interrupted, . - unicore_restore_interrupted

    .section .note.GNU-stack, "", @progbits
