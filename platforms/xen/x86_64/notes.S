# SPDX-License-Identifier: BSD-3-Clause
# How to load and enter the image: as a PV domain, or as a PVH one. [Xen, xen/include/public/elfnote.h]
#define __ASSEMBLY__
#include <xen/elfnote.h>

// type, directive and value of the description
#define NOTE(type, ...) .balign 4; .long 4, 2f - 1f, type; .asciz "Xen"; 1: __VA_ARGS__; 2:

.section .note.Xen, "a", @note
.global unicore_xen_notes
unicore_xen_notes:
    NOTE(XEN_ELFNOTE_GUEST_OS, .asciz "Unicore")
    NOTE(XEN_ELFNOTE_XEN_VERSION, .asciz "xen-3.0")
    NOTE(XEN_ELFNOTE_LOADER, .asciz "generic")
    NOTE(XEN_ELFNOTE_PAE_MODE, .asciz "yes")
    NOTE(XEN_ELFNOTE_VIRT_BASE, .quad unicore_image_first)     // the first page of memory: none below is mapped
    NOTE(XEN_ELFNOTE_PADDR_OFFSET, .quad unicore_image_first)
    NOTE(XEN_ELFNOTE_ENTRY, .quad unicore_xen_pv_entry)
    NOTE(XEN_ELFNOTE_PHYS32_ENTRY, .long unicore_x86_64_entry32)
    .balign 4
