// SPDX-License-Identifier: BSD-3-Clause
// The smallest PVH guest that reaches C in 64-bit mode: enters at the PVH note's address in 32-bit
// protected mode with paging off (start_info in EBX), maps the first 2 MiB one to one, turns SSE
// on, and calls main(command line). When main returns, the machine is switched off.
// Source: Xen docs/misc/pvh.pandoc (entry state); xen/include/public/arch-x86/hvm/start_info.h.

.section .note.pvh, "a", @note
    .long 4, 4, 18                  // XEN_ELFNOTE_PHYS32_ENTRY
    .asciz "Xen"
    .long _start

.text
.code32
.globl _start
_start:
    movl $stack_top, %esp
    movl %cr4, %eax
    orl $0x620, %eax                // PAE, OSFXSR, OSXMMEXCPT
    movl %eax, %cr4
    movl $pml4, %eax
    movl %eax, %cr3
    movl $0xc0000080, %ecx          // EFER
    rdmsr
    orl $0x100, %eax                // LME
    wrmsr
    movl %cr0, %eax
    andl $~4, %eax                  // EM off: SSE
    orl $0x80000002, %eax           // PG, MP
    movl %eax, %cr0
    lgdt gdt_pointer
    ljmp $8, $long_mode

.code64
long_mode:
    movl $16, %eax
    movl %eax, %ds
    movl %eax, %es
    movl %eax, %ss
    movl %ebx, %ebx
    movq 24(%rbx), %rdi             // start_info.cmdline_paddr
    xorl %ebp, %ebp
    call main
.globl machine_off
machine_off:
    movw $0x604, %dx                // ACPI PM1a control of pc and q35: S5
    movw $0x2000, %ax
    outw %ax, %dx
    lidt no_interrupts              // elsewhere: triple fault, which -no-reboot turns into the end
    ud2

.section .rodata, "a"
.balign 8
gdt:
    .quad 0, 0x00af9b000000ffff, 0x00cf93000000ffff
gdt_pointer:
    .word gdt_pointer - gdt - 1
    .quad gdt
no_interrupts:
    .word 0
    .quad 0

.data
.balign 4096
pml4: .quad pdpt + 0x3
    .fill 511, 8, 0
pdpt: .quad directory + 0x3
    .fill 511, 8, 0
directory: .quad 0x83
    .fill 511, 8, 0

.bss
.balign 16
    .skip 16384
stack_top:
