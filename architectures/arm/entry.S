/* SPDX-License-Identifier: BSD-3-Clause */
/* From Linux's boot protocol to C++: in SVC or HYP mode, MMU off, r2 the device tree's address. The file is a zImage
   to its loader. [Linux, Documentation/arm/booting.rst; Arm DDI 0406C, B3.6] */

    .arch_extension virt
    .fpu neon

/* Of entries in page tables, low and high words. */
#define PAGE            0x703                   /* valid, page, normal memory, inner shareable, accessed */
#define READ_ONLY       0x080
#define EXECUTE_NEVER   (3 << 21)               /* at both levels, in the high word */
#define TABLE           3
#define SHIFT           4096                    /* addresses of data minus those of text, beyond what their places differ */
#define MEMORY_ATTRIBUTES 0x04ff                /* MAIR0: 0 write-back memory, 1 device */

/* TTBCR: long descriptors; the last 256 MiB by TTBR1, the rest by TTBR0; walks write-back, inner shareable. */
#define TRANSLATION     (1 << 31 | 3 << 28 | 1 << 26 | 1 << 24 | 4 << 16 | 3 << 12 | 1 << 10 | 1 << 8)

/* SCTLR: MMU, caches, branch prediction; what is writable is never executed. */
#define CONTROL         (1 << 0 | 1 << 2 | 1 << 11 | 1 << 12 | 1 << 19)
#define CONTROL_CLEARED (1 << 1 | 1 << 13 | 1 << 30)  /* alignment checks, high vectors, Thumb exceptions */

    /* The address, seen before the MMU is on, of what has its own one beyond the text. */
    .macro  place register, symbol, more=0
    ldr     \register, =\symbol - SHIFT + \more
    add     \register, \register, r5
    .endm

    .section .text.unicore_header, "ax", %progbits
    .globl  unicore_image_header
unicore_image_header:
    .rept   8
    nop
    .endr
    b       unicore_entry
    .word   0x016f2818, 0, unicore_file_size    /* magic, position-independent, size: Xen wants no more than there is */

    .section .text.unicore_entry, "ax", %progbits
    .globl  unicore_entry
    .type   unicore_entry, %function
unicore_entry:
    mov     r11, r2
    mrs     r0, cpsr
    and     r1, r0, #0x1f
    cmp     r1, #0x1a
    bne     1f
    /* From HYP to SVC mode, timers accessible. */
    mrc     p15, 4, r1, c14, c1, 0              /* CNTHCTL */
    orr     r1, r1, #3
    mcr     p15, 4, r1, c14, c1, 0
    mov     r1, #0
    mcrr    p15, 4, r1, r1, c14                 /* CNTVOFF */
    bic     r0, r0, #0x1f
    orr     r0, r0, #0x1c0                      /* all masked */
    orr     r0, r0, #0x13
    msr     spsr_cxsf, r0
    adr     r1, 1f
    msr     elr_hyp, r1
    eret
1:  cpsid   if, #0x13

    adr     r4, unicore_entry                   /* where we were loaded, */
    ldr     r0, =unicore_entry
    sub     r5, r4, r0                          /* and how far from our own address */
    ldr     r4, =unicore_image_first
    add     r4, r4, r5

    /* The tables, empty, and one more for this code's own address while the MMU goes on. */
    place   r0, unicore_tables
    place   r1, unicore_spare_frames, 4096
    mov     r2, #0
    mov     r3, #0
1:  strd    r2, r3, [r0], #8
    cmp     r0, r1
    blo     1b

    place   r2, unicore_image_root
    place   r3, unicore_image_tables
    place   r1, unicore_tables_end
    add     r0, r3, #TABLE
1:  str     r0, [r2], #8                        /* a table for every 2 MiB */
    add     r0, r0, #4096
    cmp     r0, r1
    blo     1b

    adr     r9, parts
1:  ldmia   r9!, {r6, r7, r8, r10, r12}         /* offsets of a part's start and end, how much less its place is, rights */
    cmp     r7, #0
    beq     3f
    sub     r8, r4, r8
2:  add     r0, r8, r6
    orr     r0, r0, r10
    add     r1, r3, r6, lsr #9
    str     r0, [r1]
    str     r12, [r1, #4]
    add     r6, r6, #4096
    cmp     r6, r7
    blo     2b
    b       1b
3:
    /* 2 MiB around this code, to be executed and read. */
    place   r2, unicore_identity_root
    place   r3, unicore_spare_frames
    add     r0, r3, #TABLE
    adr     r1, unicore_entry
    lsr     r6, r1, #30
    add     r6, r2, r6, lsl #3
    str     r0, [r6]
    ubfx    r0, r1, #21, #9
    add     r3, r3, r0, lsl #3
    lsr     r0, r1, #21
    lsl     r0, r0, #21
    orr     r0, r0, #(PAGE - 2 + READ_ONLY) & 0xff
    orr     r0, r0, #(PAGE - 2 + READ_ONLY) & 0xf00
    str     r0, [r3]

    /* The tables were written past the caches. */
    place   r0, unicore_tables
    place   r1, unicore_spare_frames, 4096
    mrc     p15, 0, r2, c0, c0, 1               /* CTR.DminLine, in words */
    ubfx    r2, r2, #16, #4
    mov     r3, #4
    lsl     r2, r3, r2
    dmb     sy
1:  mcr     p15, 0, r0, c7, c6, 1               /* DCIMVAC */
    add     r0, r0, r2
    cmp     r0, r1
    blo     1b
    dsb     sy

    ldr     r0, =MEMORY_ATTRIBUTES
    mcr     p15, 0, r0, c10, c2, 0              /* MAIR0 */
    ldr     r0, =TRANSLATION
    mcr     p15, 0, r0, c2, c0, 2               /* TTBCR */
    mov     r1, #0
    place   r0, unicore_identity_root
    mcrr    p15, 0, r0, r1, c2                  /* TTBR0 */
    place   r0, unicore_image_root
    mcrr    p15, 1, r0, r1, c2                  /* TTBR1 */
    mrc     p15, 0, r0, c1, c0, 2
    orr     r0, r0, #0xf << 20                  /* CPACR: cp10 and cp11, for applications, the core has none */
    mcr     p15, 0, r0, c1, c0, 2
    mcr     p15, 0, r1, c8, c7, 0               /* TLBIALL */
    mcr     p15, 0, r1, c7, c5, 0               /* ICIALLU */
    mcr     p15, 0, r1, c7, c5, 6               /* BPIALL */
    dsb     sy
    isb
    ldr     r1, =at_own_address
    mrc     p15, 0, r0, c1, c0, 0
    ldr     r2, =CONTROL_CLEARED
    bic     r0, r0, r2
    ldr     r2, =CONTROL
    orr     r0, r0, r2
    mcr     p15, 0, r0, c1, c0, 0
    isb
    bx      r1

at_own_address:
    ldr     r0, =unicore_identity_root
    adr     r1, unicore_entry
    add     r1, r1, r5
    lsr     r1, r1, #30
    mov     r2, #0
    mov     r3, #0
    add     r0, r0, r1, lsl #3
    strd    r2, r3, [r0]
    ldr     r0, =unicore_vectors
    mcr     p15, 0, r0, c12, c0, 0              /* VBAR */
    dsb     sy
    mcr     p15, 0, r2, c8, c7, 0
    dsb     sy
    isb
    mov     r0, #1 << 30
    vmsr    fpexc, r0
    ldr     r0, =unicore_emergency_stack_top    /* one for all modes that report faults */
    cps     #0x17
    mov     sp, r0
    cps     #0x1b
    mov     sp, r0
    cps     #0x13
    ldr     sp, =unicore_stack_top
    ldr     r0, =unicore_zero_start
    ldr     r1, =unicore_zero_end
1:  cmp     r0, r1
    strdlo  r2, r3, [r0], #8
    blo     1b
    cpsie   a                                   /* asynchronous aborts are reported at once */
    mov     r0, r11
    mov     r1, r4
    mov     r11, #0                             /* the call chain ends here */
    mov     lr, #0
    bl      unicore_platform_start

parts:                                          /* see above */
    .word   0, unicore_text_end_offset, 0, PAGE | READ_ONLY, 0
    .word   unicore_rodata_offset, unicore_data_offset, SHIFT, PAGE | READ_ONLY, EXECUTE_NEVER
    .word   unicore_data_offset, unicore_guard_offset, SHIFT, PAGE, EXECUTE_NEVER
    .word   unicore_guard_offset + 4096, unicore_image_size, SHIFT, PAGE, EXECUTE_NEVER
    .word   0, 0, 0, 0, 0
    .ltorg
    .size   unicore_entry, . - unicore_entry

    .section .note.GNU-stack, "", %progbits
