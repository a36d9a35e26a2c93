/* SPDX-License-Identifier: BSD-3-Clause */
/* From Linux's boot protocol to C++: at EL2 or EL1, MMU off, x0 the device tree's address.
   [Linux, Documentation/arm64/booting.rst; Arm DDI 0487, D8] */

#include "image.h"

#define TABLE           3
#define MEMORY_ATTRIBUTES 0x04ff                /* MAIR_EL1: 0 write-back memory, 1 device nGnRE */

/* TCR_EL1: 39 bits for the identity, 30 for the image; 4 KiB pages; walks write-back, inner shareable. */
#define TRANSLATION     (25 | 1 << 8 | 1 << 10 | 3 << 12 | 34 << 16 | 1 << 24 | 1 << 26 | 3 << 28 | 2 << 30)

/* SCTLR_EL1: what is one by specification, then M, C, SA, I and WXN: what is writable is never executed. */
#define CONTROL_FIXED   0x30d00800
#define CONTROL         (CONTROL_FIXED | 1 << 0 | 1 << 2 | 1 << 3 | 1 << 12 | 1 << 19)

    .section .text.unicore_header, "ax", @progbits
    .globl  unicore_image_header
unicore_image_header:
    b       unicore_entry
    .long   0
    .quad   0                                   /* text_offset: loaded at any multiple of 2 MiB */
    .quad   unicore_loaded_size
    .quad   0xa                                 /* little endian, 4 KiB pages, anywhere in memory */
    .quad   0, 0, 0
    .ascii  "ARM\x64"
    .long   0

    .section .text.unicore_entry, "ax", @progbits
    .globl  unicore_entry
    .type   unicore_entry, @function
unicore_entry:
    mov     x20, x0
    adr     x21, unicore_image_header           /* where we were loaded */
    mrs     x1, CurrentEL
    cmp     x1, #8
    b.ne    at_el1

    /* Down to EL1: 64-bit, no traps, timers and the interrupt controller's registers accessible. */
    mov     x1, #1 << 31                        /* HCR_EL2.RW */
    msr     hcr_el2, x1
    mov     x1, #3
    msr     cnthctl_el2, x1
    msr     cntvoff_el2, xzr
    mov     x1, #0x33ff                         /* CPTR_EL2: what is one by specification */
    msr     cptr_el2, x1
    msr     vttbr_el2, xzr
    mrs     x1, midr_el1
    msr     vpidr_el2, x1
    mrs     x1, mpidr_el1
    msr     vmpidr_el2, x1
    mrs     x1, id_aa64pfr0_el1                 /* GICv3's system registers, where there are any */
    tst     x1, #0xf << 24
    b.eq    1f
    mov     x1, #0xf
    msr     s3_4_c12_c9_5, x1                   /* ICC_SRE_EL2 */
    isb
1:  ldr     w1, =CONTROL_FIXED
    msr     sctlr_el1, x1
    mov     x1, #0x3c5                          /* EL1, everything masked */
    msr     spsr_el2, x1
    adr     x1, at_el1
    msr     elr_el2, x1
    eret

at_el1:
    msr     daifset, #0xf
    /* The tables, empty, and one more for this code's own address while the MMU goes on. */
    adrp    x0, unicore_tables - SHIFT
    adrp    x1, unicore_spare_frames - SHIFT + 4096
1:  stp     xzr, xzr, [x0], #16
    stp     xzr, xzr, [x0], #16
    stp     xzr, xzr, [x0], #16
    stp     xzr, xzr, [x0], #16
    cmp     x0, x1
    b.lo    1b

    adrp    x2, unicore_image_root - SHIFT
    adrp    x3, unicore_image_tables - SHIFT
    adrp    x4, unicore_tables_end - SHIFT
    add     x0, x3, #TABLE
1:  str     x0, [x2], #8                        /* a table for every 2 MiB */
    add     x0, x0, #4096
    cmp     x0, x4
    b.lo    1b

    adr     x5, unicore_parts                   /* in vectors.S */
1:  ldp     w6, w7, [x5], #8                    /* offsets of a part's start and end */
    cbz     w7, 3f
    ldp     w8, w9, [x5], #8                    /* how much less its place in memory is, and its rights */
    ldr     x10, [x5], #8
    orr     x9, x9, x10
    sub     x8, x21, x8
2:  add     x10, x8, x6
    orr     x10, x10, x9
    lsr     x11, x6, #12
    str     x10, [x3, x11, lsl #3]
    add     x6, x6, #4096
    cmp     x6, x7
    b.lo    2b
    b       1b
3:
    /* 2 MiB around this code, to be executed and read. The image begins at a multiple of 2 MiB, so this has all of it. */
    adrp    x2, unicore_identity_root - SHIFT
    adrp    x3, unicore_spare_frames - SHIFT
    add     x0, x3, #TABLE
    ubfx    x22, x21, #30, #9
    str     x0, [x2, x22, lsl #3]
    ubfx    x1, x21, #21, #9
    mov     x0, #PAGE - 2 + READ_ONLY
    orr     x0, x0, x21
    and     x0, x0, #~0x1ff000
    str     x0, [x3, x1, lsl #3]

    /* The tables were written past the caches. */
    adrp    x0, unicore_tables - SHIFT
    adrp    x1, unicore_spare_frames - SHIFT + 4096
    mrs     x2, ctr_el0
    ubfx    x2, x2, #16, #4
    mov     x3, #4
    lsl     x2, x3, x2
    dmb     sy
1:  dc      ivac, x0
    add     x0, x0, x2
    cmp     x0, x1
    b.lo    1b
    dsb     sy

    mov     x0, #MEMORY_ATTRIBUTES
    msr     mair_el1, x0
    ldr     x0, =TRANSLATION
    mrs     x1, id_aa64mmfr0_el1
    bfi     x0, x1, #32, #3                     /* as many physical address bits as there are */
    msr     tcr_el1, x0
    adrp    x0, unicore_identity_root - SHIFT
    msr     ttbr0_el1, x0
    adrp    x0, unicore_image_root - SHIFT
    msr     ttbr1_el1, x0
    mov     x0, #3 << 20                        /* CPACR_EL1.FPEN: for applications, the core has none */
    msr     cpacr_el1, x0
    tlbi    vmalle1
    ic      iallu
    dsb     sy
    isb
    ldr     w0, =CONTROL
    ldr     x1, =unicore_at_own_address
    msr     sctlr_el1, x0
    isb
    br      x1                                  /* on in vectors.S, where there is room */
    .ltorg
    .size   unicore_entry, . - unicore_entry

    .section .note.GNU-stack, "", @progbits
