# SPDX-License-Identifier: BSD-3-Clause
# From 32-bit protected mode to C++ in 64-bit mode. [Intel SDM vol. 3A, 10.8.5]
# %ebx is the platform's argument and is left alone. The linker script names the image's pages.

.set PRESENT, 1
.set WRITE, 2
.set NO_EXECUTE, 0x80000000          # in the upper half of an entry
.set CR4_PAE, 1 << 5
.set CR4_OSFXSR, 1 << 9              # SSE may be used: by applications, never by the core
.set CR4_OSXMMEXCPT, 1 << 10
.set EFER, 0xc0000080
.set EFER_LME, 1 << 8
.set EFER_NXE, 1 << 11
.set CR0_PE_MP_ET_NE_WP_PG, 0x80010033

.section .text.unicore_entry32, "ax"
.code32
.global unicore_x86_64_entry32
unicore_x86_64_entry32:
    cld
    mov $unicore_zero_start, %edi        # .bss and page tables
    mov $unicore_zero_longs, %ecx
    xor %eax, %eax
    rep stosl
    mov $unicore_stack_top, %esp

    movl $unicore_pdpt + PRESENT + WRITE, unicore_pml4
    movl $unicore_pd + PRESENT + WRITE, unicore_pdpt
    mov $unicore_pt + PRESENT + WRITE, %eax
    mov $unicore_pd, %edi
1:  stosl                                # one table for every 2 MiB up to the image's end
    add $4, %edi
    add $4096, %eax
    cmp $unicore_pt_end + PRESENT + WRITE, %eax
    jb 1b

    mov $NO_EXECUTE, %edx                # read-only data and data are adjacent, so are text and .bss
    mov $unicore_rodata_first + PRESENT, %eax
    mov $unicore_data_first + PRESENT, %ecx
    call map_pages
    orb $WRITE, %al
    mov $unicore_data_end + PRESENT + WRITE, %ecx
    call map_pages
    xor %edx, %edx
    mov $unicore_text_first + PRESENT, %eax
    mov $unicore_bss_first + PRESENT, %ecx
    call map_pages
    mov $NO_EXECUTE, %edx
    orb $WRITE, %al
    mov $unicore_guard_first + PRESENT + WRITE, %ecx
    call map_pages
    mov $unicore_stack_first + PRESENT + WRITE, %eax   # the guard page below the stack stays unmapped
    mov $unicore_image_end + PRESENT + WRITE, %ecx
    call map_pages

    movl $unicore_emergency_stack_top, unicore_task_state + 36

    mov $CR4_PAE | CR4_OSFXSR | CR4_OSXMMEXCPT, %eax
    mov %eax, %cr4
    mov $unicore_pml4, %eax
    mov %eax, %cr3
    mov $EFER, %ecx
    xor %edx, %edx
    mov $EFER_LME | EFER_NXE, %eax
    wrmsr
    mov $CR0_PE_MP_ET_NE_WP_PG, %eax
    mov %eax, %cr0
    lgdt descriptor_table_register
    ljmp $8, $enter64

# Identity-maps the pages from %eax up to %ecx, both with the entry's low bits in them, with %edx as
# the upper half of the entries. Leaves %eax at the end.
map_pages:
    mov %eax, %edi
    shr $12, %edi
    lea unicore_pt(, %edi, 8), %edi
1:  cmp %ecx, %eax
    jae 2f
    stosl
    mov %edx, (%edi)
    add $4, %edi
    add $4096, %eax
    jmp 1b
2:  ret

.code64
enter64:
    xor %ebp, %ebp                       # ends the frame-pointer chain
    mov %ebp, %ds
    mov %ebp, %es
    mov %ebp, %ss
    mov $16, %eax
    ltr %ax
    mov $unicore_stack_top, %esp
    mov %ebx, %edi
    call unicore_platform_start

.section .data.unicore_descriptors, "aw"
.balign 8
descriptor_table:
    .quad 0
    .quad 0x00209b0000000000             # 64-bit code, accessed
    .word 103, unicore_task_state_low    # available 64-bit TSS; its base is in three pieces
    .byte unicore_task_state_middle, 0x89, 0, unicore_task_state_high
    .quad 0
descriptor_table_register:
    .word descriptor_table_register - descriptor_table - 1
    .long descriptor_table

# Only the first interrupt stack of the task state is used: by exceptions that may come with a stack
# that cannot be pushed to.
.section .bss.unicore_task_state, "aw", @nobits
.global unicore_task_state
.balign 8
unicore_task_state: .zero 104
