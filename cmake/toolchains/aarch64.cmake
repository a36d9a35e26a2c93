# SPDX-License-Identifier: BSD-3-Clause
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(UNICORE_TRIPLE aarch64-none-elf)
set(UNICORE_ARCHITECTURE_FLAGS "-mno-outline-atomics")
# What keeps floating-point and vector registers out of the core, so that interrupts need not save them.
set(UNICORE_NO_FLOATING_POINT -mgeneral-regs-only)
include("${CMAKE_CURRENT_LIST_DIR}/_common.cmake")
