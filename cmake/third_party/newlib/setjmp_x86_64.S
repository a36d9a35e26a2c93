// SPDX-License-Identifier: BSD-3-Clause
// setjmp and longjmp. After newlib's own longjmp(place, 0), setjmp returns 0, not 1, and the program runs in a circle.
// [System V ABI, AMD64, 3.2.1; ISO C17, 7.13.2.1]
  .section .text.setjmp, "ax", @progbits
  .globl setjmp
  .type setjmp, @function
setjmp:
  movq %rbx, (%rdi)
  movq %rbp, 8(%rdi)
  movq %r12, 16(%rdi)
  movq %r13, 24(%rdi)
  movq %r14, 32(%rdi)
  movq %r15, 40(%rdi)
  leaq 8(%rsp), %rax
  movq %rax, 48(%rdi)
  movq (%rsp), %rax
  movq %rax, 56(%rdi)
  xorl %eax, %eax
  ret
  .size setjmp, . - setjmp

  .section .text.longjmp, "ax", @progbits
  .globl longjmp
  .type longjmp, @function
longjmp:
  movl %esi, %eax
  cmpl $1, %eax
  adcl $0, %eax
  movq (%rdi), %rbx
  movq 8(%rdi), %rbp
  movq 16(%rdi), %r12
  movq 24(%rdi), %r13
  movq 32(%rdi), %r14
  movq 40(%rdi), %r15
  movq 48(%rdi), %rsp
  jmpq *56(%rdi)
  .size longjmp, . - longjmp
