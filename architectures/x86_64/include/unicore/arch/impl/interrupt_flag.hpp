// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace unicore::arch {

/// The interrupt flag. [Intel SDM vol. 3A, 6.8.1]
struct InterruptFlag {
    using State = std::uint64_t;

    static State save_and_mask() noexcept {
        State flags;
        asm volatile("pushfq; popq %0; cli" : "=r"(flags) : : "memory");
        return flags;
    }
    static void open() noexcept { asm volatile("sti" : : : "memory"); }
    static bool is_open(State saved) noexcept { return (saved & interrupt_flag) != 0; }
    static void restore(State saved) noexcept {
        if ((saved & interrupt_flag) != 0) asm volatile("sti" : : : "memory");
    }
    /// An interrupt is not taken between sti and the instruction after it, so none is lost. [STI]
    static void unmask_and_wait() noexcept { asm volatile("sti; hlt; cli" : : : "memory"); }
    static void resumed() noexcept {}

private:
    static constexpr State interrupt_flag = 1 << 9;
};

}  // namespace unicore::arch
