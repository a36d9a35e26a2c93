// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace unicore::arch {

/// [Arm DDI 0406C, B8.1]
struct GenericTimer {
    static std::uint32_t frequency() noexcept {
        std::uint32_t hertz;
        asm("mrc p15, 0, %0, c14, c0, 0" : "=r"(hertz));  // CNTFRQ
        return hertz;
    }
    static void arm(std::uint64_t value) noexcept {
        constexpr std::uint32_t enabled = 1;
        asm volatile("mcrr p15, 3, %Q0, %R0, c14\n\tmcr p15, 0, %1, c14, c3, 1\n\tisb" : : "r"(value), "r"(enabled));
    }
    static void disarm() noexcept { asm volatile("mcr p15, 0, %0, c14, c3, 1\n\tisb" : : "r"(0)); }
};

}  // namespace unicore::arch
