// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

extern "C" void unicore_wait() noexcept;  // vectors.S

namespace unicore::arch {

/// Status.IE. [MIPS32 volume III, 9.33]
struct InterruptFlag {
    using State = std::uint32_t;

    static State save_and_mask() noexcept {
        State status;
        asm volatile("di %0\n\tehb" : "=r"(status) : : "memory");
        return status;
    }
    static void open() noexcept { asm volatile("ei\n\tehb" : : : "memory"); }
    static bool is_open(State saved) noexcept { return (saved & enabled) != 0; }
    static void restore(State saved) noexcept {
        if ((saved & enabled) != 0) asm volatile("ei\n\tehb" : : : "memory");
    }
    /// Whether a masked interrupt ends WAIT is up to the implementation, so the mask is opened before it, and an
    /// interrupt that comes in between goes on behind it. [MIPS32 volume II, WAIT]
    static void unmask_and_wait() noexcept { unicore_wait(); }
    static void resumed() noexcept {}

private:
    static constexpr State enabled = 1;
};

}  // namespace unicore::arch
