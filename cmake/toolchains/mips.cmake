# SPDX-License-Identifier: BSD-3-Clause
set(CMAKE_SYSTEM_PROCESSOR mips)
set(UNICORE_TRIPLE mipsel-none-elf)
# A function that calls no other has no frame: its return address is in $ra, as its prologue says.
set(UNICORE_ARCHITECTURE_FLAGS "-march=mips32r2 -mabi=32 -mno-abicalls -G0 -momit-leaf-frame-pointer")
# The linker refuses to mix floating-point ABIs, so the core has the hard one too, and a check of its objects
# (check.floating-point) proves that it has no such instruction.
set(UNICORE_NO_FLOATING_POINT "")
# Link-time optimisation makes the object file anew, and would take the default for its calling convention.
set(UNICORE_LINK_OPTIONS "SHELL:-mllvm -mattr=+noabicalls")
include("${CMAKE_CURRENT_LIST_DIR}/_common.cmake")
