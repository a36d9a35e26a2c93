// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace unicore::arch::aarch64 {

/// Whether the instruction writes to memory. [Arm DDI 0487, C4.1.66, Loads and Stores]
constexpr bool stores(const std::uint32_t* instruction) noexcept {
    const std::uint32_t word = *instruction;
    if ((word & 0x0a00'0000) != 0x0800'0000) return false;  // op0 is x1x0: loads and stores
    if ((word & 0x3b00'0000) == 0x1800'0000) return false;  // of literals: loads
    if ((word & 0x3b20'0c00) == 0x3820'0000) return true;   // atomic operations write, too
    if ((word & 0x3b00'0000) == 0x3800'0000 || (word & 0x3b00'0000) == 0x3900'0000)
        return (word & 0x00c0'0000) == 0 || (word & 0xc4c0'0000) == 0x0480'0000;  // opc: 00, or 10 of 128-bit registers
    return (word & 0x0040'0000) == 0;  // L of pairs, exclusives, structures
}

}  // namespace unicore::arch::aarch64
