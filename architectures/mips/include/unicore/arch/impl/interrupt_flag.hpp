// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace unicore::arch {

/// Status.IE. [MIPS32 volume III, 9.33]
struct InterruptFlag {
    using State = std::uint32_t;

    static State save_and_mask() noexcept {
        State status;
        asm volatile("di %0\n\tehb" : "=r"(status) : : "memory");
        return status;
    }
    static void restore(State saved) noexcept {
        if ((saved & enabled) != 0) asm volatile("ei\n\tehb" : : : "memory");
    }
    /// Whether a masked interrupt ends WAIT is up to the implementation, unless Config7.WII says so, which the cores
    /// that this is for have set: 24K and all later. [MIPS32 volume II, WAIT; MIPS MD00343, Config7]
    static void unmask_and_wait() noexcept { asm volatile("wait\n\tei\n\tehb\n\tdi\n\tehb" : : : "memory"); }

private:
    static constexpr State enabled = 1;
};

}  // namespace unicore::arch
