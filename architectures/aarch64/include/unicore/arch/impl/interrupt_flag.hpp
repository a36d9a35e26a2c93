// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace unicore::arch {

/// PSTATE.I. [Arm DDI 0487, D1.3.3]
struct InterruptFlag {
    using State = std::uint64_t;

    static State save_and_mask() noexcept {
        State flags;
        asm volatile("mrs %0, daif\n\tmsr daifset, #2" : "=r"(flags) : : "memory");
        return flags;
    }
    static void open() noexcept { asm volatile("msr daifclr, #2" : : : "memory"); }
    static bool is_open(State saved) noexcept { return (saved & masked) == 0; }
    static void restore(State saved) noexcept {
        if ((saved & masked) == 0) asm volatile("msr daifclr, #2" : : : "memory");
    }
    /// A masked interrupt ends WFI as well, so none is lost. [D1.6.2]
    static void unmask_and_wait() noexcept {
        asm volatile("dsb sy\n\twfi\n\tmsr daifclr, #2\n\tisb\n\tmsr daifset, #2" : : : "memory");
    }
    static void resumed() noexcept {}

private:
    static constexpr State masked = 1 << 7;
};

}  // namespace unicore::arch
