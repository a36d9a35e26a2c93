# SPDX-License-Identifier: BSD-3-Clause
set(CMAKE_SYSTEM_PROCESSOR arm)
set(UNICORE_TRIPLE armv7-none-eabihf)
# ARM code: Thumb-2 keeps its frame pointer in another register.
# A function that calls no other has no frame: its return address is in the link register, as debug information says
# (unicore symbolise).
set(UNICORE_ARCHITECTURE_FLAGS "-march=armv7-a -mfpu=neon -mfloat-abi=hard -momit-leaf-frame-pointer")
# What keeps floating-point and vector registers out of the core, so that interrupts need not save them.
# The ABI stays the hard one, or link-time optimisation would take it for another target; no function of the core has a
# floating-point argument that it would be about.
set(UNICORE_NO_FLOATING_POINT -mfpu=none -Wno-unsupported-abi)
include("${CMAKE_CURRENT_LIST_DIR}/_common.cmake")
