# SPDX-License-Identifier: BSD-3-Clause
# Boards with a device tree. What their firmware loads is Linux's format: a flat file with a header.
list(APPEND sources arm/halt.cpp devicetree/start.cpp)
set(uses arch.moved_image boot.devicetree console.pl011 power.vexpress power.psci)
unicore_image_link(SCRIPT "${UNICORE_ROOT}/architectures/moved_image/image.lds" ENTRY unicore_entry
                   KEEP unicore_image_header DEFINE unicore_image_address=0xf0000000
                   MADE_BY "${CMAKE_OBJCOPY}" -O binary <DEBUG> <IMAGE> MACHINES vexpress-a15)
