// SPDX-License-Identifier: BSD-3-Clause
// setjmp and longjmp. newlib's own save the floating-point registers of the FPA, which no ARMv7 has, and leave d8 to
// d15, which belong to the caller, as they are. [Arm IHI 0042 (AAPCS), 6.1; ISO C17, 7.13]
  .syntax unified
  .arch armv7-a
  .fpu neon
  .section .text.setjmp, "ax", %progbits
  .globl setjmp
  .type setjmp, %function
setjmp:
  mov ip, sp
  stmia r0!, {r4-r11, ip, lr}
  vstmia r0, {d8-d15}
  mov r0, #0
  bx lr
  .size setjmp, . - setjmp

  .section .text.longjmp, "ax", %progbits
  .globl longjmp
  .type longjmp, %function
longjmp:
  ldmia r0!, {r4-r11, ip, lr}
  vldmia r0, {d8-d15}
  mov sp, ip
  movs r0, r1
  moveq r0, #1
  bx lr
  .size longjmp, . - longjmp
