// SPDX-License-Identifier: BSD-3-Clause
/// How a platform and this architecture meet at the start.
#pragma once

#include <unicore/base/units.hpp>

#include <cstdint>

/// The platform's: called by the entry, with W^X in force on the image's own pages, with what the loader had left in
/// $a0 to $a3. Faults print a register dump and I/O ports can be reached from here on.
extern "C" [[noreturn]] void unicore_platform_start(std::uint32_t a0, std::uint32_t a1, std::uint32_t a2,
                                                    std::uint32_t a3) noexcept;

namespace unicore::arch::mips {

/// To be called first: panics when this CPU cannot keep data from being executed. Context: the entry.
void require_protection() noexcept;

/// Where the image lies in physical memory. Context: any.
MemoryRange loaded_image() noexcept;

}  // namespace unicore::arch::mips
