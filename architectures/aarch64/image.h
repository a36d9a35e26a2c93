/* SPDX-License-Identifier: BSD-3-Clause */
/* What the entry and its tables share, for the assembler. */

/* Of entries in page tables. [Arm DDI 0487, D8.3] */
#define PAGE            0x703                   /* valid, page, normal memory, inner shareable, accessed */
#define READ_ONLY       0x080
#define EXECUTE_NEVER   (3 << 53)               /* at both levels */
#define SHIFT           4096                    /* addresses of data minus those of text, beyond what their places differ */
