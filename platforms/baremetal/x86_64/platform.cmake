# SPDX-License-Identifier: BSD-3-Clause
# PCs: GRUB enters the image through Multiboot 2, whatever firmware has started GRUB.
list(APPEND sources x86_64/halt.cpp x86_64/multiboot2.S x86_64/start.cpp)
set(uses arch.x86_64 boot.multiboot2 console.ns16550 power.acpi power.pc)
unicore_image_link(SCRIPT "${UNICORE_ROOT}/architectures/x86_64/image.lds"
                   ENTRY unicore_x86_64_entry32 KEEP unicore_multiboot2_header
                   MADE_BY ${UNICORE_PYTHON} "${UNICORE_TOOL}" --tree "${CMAKE_BINARY_DIR}"
                           iso <NAME> --elf <ELF> --out <IMAGE>
                   MACHINES bios uefi)
