# SPDX-License-Identifier: BSD-3-Clause
# What makes the image a PVH one: the loader enters at the address in this note.
# [Xen, xen/include/public/elfnote.h, XEN_ELFNOTE_PHYS32_ENTRY]
.section .note.Xen, "a", @note
.balign 4
.global unicore_pvh_note
unicore_pvh_note:
    .long 4, 4, 18
    .asciz "Xen"
    .long unicore_x86_64_entry32
