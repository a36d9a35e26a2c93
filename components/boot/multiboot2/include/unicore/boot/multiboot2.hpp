// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace unicore::boot::multiboot2 {

/// Sets up exceptions and page tables, and takes memory map and command line over from the loader's
/// information, a physical address. Context: the entry, on the boot stack. Panics when that is none.
void start(std::uintptr_t information) noexcept;

}  // namespace unicore::boot::multiboot2
