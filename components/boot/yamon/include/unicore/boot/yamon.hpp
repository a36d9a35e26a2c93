// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/units.hpp>

#include <cstdint>

namespace unicore::boot::yamon {

/// What the loader leaves in $a0 to $a3.
struct Registers {
    std::uint32_t words;      ///< of the command, how many
    std::uint32_t arguments;  ///< where their addresses are
    std::uint32_t variables;  ///< where the environment's addresses are: of a name, of its value, …, 0
    std::uint32_t memory;     ///< bytes
};

/// Takes memory map and command line over. `image`: where the image lies in physical memory.
/// Context: the entry, on the boot stack. Panics when there is not as much memory as the image has.
void start(const Registers& registers, MemoryRange image) noexcept;

}  // namespace unicore::boot::yamon
