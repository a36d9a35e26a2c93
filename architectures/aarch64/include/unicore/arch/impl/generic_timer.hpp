// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace unicore::arch {

/// [Arm DDI 0487, D11.2]
struct GenericTimer {
    static std::uint32_t frequency() noexcept {
        std::uint64_t hertz;
        asm("mrs %0, cntfrq_el0" : "=r"(hertz));
        return static_cast<std::uint32_t>(hertz);
    }
    static void arm(std::uint64_t value) noexcept {
        constexpr std::uint64_t enabled = 1;
        asm volatile("msr cntv_cval_el0, %0\n\tmsr cntv_ctl_el0, %1\n\tisb" : : "r"(value), "r"(enabled));
    }
    static void disarm() noexcept { asm volatile("msr cntv_ctl_el0, xzr\n\tisb"); }
};

}  // namespace unicore::arch
