// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace unicore::platform::linux {

/// What the CPU was about, where it says so.
enum class Access : std::uint8_t { unknown, read, write, execute };

/// The access that faulted at `address`, read from the instruction: for where a signal's context does not say it.
/// `stores` is the architecture's, and tells whether a word is an instruction that writes to memory.
/// An instruction that cannot be fetched is its own address; one that faulted otherwise can be read.
template <typename Stores>
[[gnu::always_inline]] inline Access decode_access(std::uintptr_t instruction, std::uintptr_t address, Stores stores) noexcept {
    if (instruction == address) return Access::execute;
    if (instruction % sizeof(std::uint32_t) != 0) return Access::unknown;
    return stores(reinterpret_cast<const std::uint32_t*>(instruction)) ? Access::write : Access::read;
}

}  // namespace unicore::platform::linux
