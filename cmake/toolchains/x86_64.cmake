# SPDX-License-Identifier: BSD-3-Clause
set(CMAKE_SYSTEM_PROCESSOR x86_64)
set(UNICORE_TRIPLE x86_64-none-elf)
# A function that calls no other has a frame, too: only that says who called it.
set(UNICORE_ARCHITECTURE_FLAGS "-mno-red-zone -fcf-protection=none -mno-omit-leaf-frame-pointer")
# What keeps floating-point and vector registers out of the core, so that interrupts need not save them.
# Not -mgeneral-regs-only: without x87, libc++'s headers cannot even declare long double functions.
set(UNICORE_NO_FLOATING_POINT -mno-mmx -mno-sse -mno-implicit-float)
include("${CMAKE_CURRENT_LIST_DIR}/_common.cmake")
