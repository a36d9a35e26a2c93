# SPDX-License-Identifier: BSD-3-Clause
# What makes the image one for Multiboot 2: this header, in the first 32,768 bytes of the file. The loader takes
# segments and entry from the ELF headers, and hands the information's address over in %ebx.
# [Multiboot2 2.0, 3.1 OS image format, 3.3 I386 machine state]
.set MAGIC, 0xe85250d6
.set ARCHITECTURE_I386, 0
.set LENGTH, header_end - unicore_multiboot2_header

.section .multiboot2, "a"
.balign 8
.global unicore_multiboot2_header
unicore_multiboot2_header:
    .long MAGIC, ARCHITECTURE_I386, LENGTH, -(MAGIC + ARCHITECTURE_I386 + LENGTH)
    .short 0, 0                          # the tag that ends the list
    .long 8
header_end:
