// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace unicore::boot::multiboot2 {

/// Sets up exceptions and page tables, and takes memory map and command line over from the loader's
/// information, a physical address. Context: the entry, on the boot stack. Panics when that is none.
void start(std::uintptr_t information) noexcept;

/// The loader's copy of ACPI's root system description pointer, 20 or 36 bytes, not checked; empty for none.
std::span<const std::byte> acpi_root() noexcept;

}  // namespace unicore::boot::multiboot2
