// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace unicore::arch {

/// CPSR.I. [Arm DDI 0406C, B1.3.3]
struct InterruptFlag {
    using State = std::uint32_t;

    static State save_and_mask() noexcept {
        State flags;
        asm volatile("mrs %0, cpsr\n\tcpsid i" : "=r"(flags) : : "memory");
        return flags;
    }
    static void open() noexcept { asm volatile("cpsie i" : : : "memory"); }
    static bool is_open(State saved) noexcept { return (saved & masked) == 0; }
    static void restore(State saved) noexcept {
        if ((saved & masked) == 0) asm volatile("cpsie i" : : : "memory");
    }
    /// A masked interrupt ends WFI as well, so none is lost. [B1.8.14]
    static void unmask_and_wait() noexcept { asm volatile("dsb sy\n\twfi\n\tcpsie i\n\tisb\n\tcpsid i" : : : "memory"); }
    static void resumed() noexcept {}

private:
    static constexpr State masked = 1 << 7;
};

}  // namespace unicore::arch
