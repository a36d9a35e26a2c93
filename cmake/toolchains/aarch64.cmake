# SPDX-License-Identifier: BSD-3-Clause
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(UNICORE_TRIPLE aarch64-none-elf)
# A function that calls no other has no frame: its return address is in the link register, as debug information says
# (unicore symbolise).
set(UNICORE_ARCHITECTURE_FLAGS "-mno-outline-atomics -momit-leaf-frame-pointer")
# What keeps floating-point and vector registers out of the core, so that interrupts need not save them.
set(UNICORE_NO_FLOATING_POINT -mgeneral-regs-only)
# Prologues and epilogues are shared, where that makes images smaller.
set(UNICORE_RELEASE_LINK_FLAGS "-mllvm -homogeneous-prolog-epilog")
# Within 1 MiB an address takes one instruction instead of two. An image that is larger does not link so, and is linked again.
set(UNICORE_SMALL_IMAGE_LINK_FLAGS "-mllvm -code-model=tiny")
include("${CMAKE_CURRENT_LIST_DIR}/_common.cmake")
