# SPDX-License-Identifier: BSD-3-Clause
# Malta boards. Their monitor, YAMON, and QEMU load ELF files, by physical addresses; the image is loaded to 1 MiB.
list(APPEND sources mips/halt.cpp mips/start.cpp)
set(uses arch.mips boot.yamon console.ns16550 power.malta)
unicore_image_link(SCRIPT "${UNICORE_ROOT}/architectures/mips/image.lds" ENTRY unicore_mips_entry
                   DEFINE unicore_image_address=0xc0100000 unicore_io_ports=0x18000000 MACHINES malta)
