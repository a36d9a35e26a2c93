// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace unicore::arch::arm {

/// Whether the instruction, of the ARM set, writes to memory. [Arm DDI 0406C, A5.1, A5.2.8, A5.3, A7.7]
constexpr bool stores(const std::uint32_t* instruction) noexcept {
    const std::uint32_t word = *instruction;
    constexpr std::uint32_t load = 1 << 20;
    if (word >> 28 == 0xf) return (word & 0x0f30'0000) == 0x0400'0000;  // Advanced SIMD elements: VST
    switch (word >> 25 & 7) {
        case 0:
            if ((word & 0x0000'0090) != 0x0000'0090) return false;                    // data processing
            if ((word & 0x0180'00f0) == 0x0180'0090) return (word & load) == 0;       // exclusives
            if ((word & 0x0000'0060) == 0) return (word & 0x0fb0'0000) == 0x0100'0000;  // SWP, or a multiplication
            return (word & load) == 0 && (word & 0x0000'00f0) != 0x0000'00d0;         // LDRD has no L
        case 2: return (word & load) == 0;
        case 3: return (word & (load | 0x10)) == 0;  // bit 4: media instructions
        case 4: return (word & load) == 0;           // several registers
        case 6: return (word & load) == 0;           // extension registers
        default: return false;
    }
}

}  // namespace unicore::arch::arm
