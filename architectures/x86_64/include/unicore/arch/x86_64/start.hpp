// SPDX-License-Identifier: BSD-3-Clause
/// How a platform and this architecture meet at the start.
#pragma once

#include <cstdint>

/// The 32-bit entry: protected mode, flat segments, paging off, an argument in %ebx [Xen PVH,
/// docs/misc/pvh.pandoc; the same state as Multiboot's]. It builds page tables of the image's own
/// pages with W^X, enters 64-bit mode, takes the boot stack and calls unicore_platform_start.
extern "C" void unicore_x86_64_entry32() noexcept;

/// The platform's: called by the entry with its argument. Descriptor tables are not loaded yet.
extern "C" [[noreturn]] void unicore_platform_start(std::uintptr_t argument) noexcept;

namespace unicore::arch::x86_64 {

/// Loads the interrupt descriptor table and the task state. Faults print a register dump from here on.
void load_descriptor_tables() noexcept;

}  // namespace unicore::arch::x86_64
