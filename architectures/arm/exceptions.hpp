// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace unicore::arch::arm {

/// What vectors.S tells apart.
enum class Exception : std::uint8_t { undefined, prefetch_abort, data_abort };

/// A fault status register, with long descriptors. [Arm DDI 0406C, B4.1.52, DFSR]
struct FaultStatus {
    std::uint32_t value;

    constexpr bool write() const noexcept { return (value & 1 << 11) != 0; }  // WnR
    /// Whether the address register tells where: not for asynchronous aborts and debug events.
    constexpr bool has_address() const noexcept {
        const std::uint32_t status = value & 0x3f;
        return status != 0x11 && status != 0x22;
    }
};

}  // namespace unicore::arch::arm
