// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace unicore::arch {

/// The virtual count of the generic timer, which processes may read as well.
/// [Arm DDI 0487, D13.8.25, CNTVCT_EL0: speculative reads need an ISB before]
struct Cycles {
    static std::uint64_t read() noexcept {
        std::uint64_t count;
        asm volatile("isb\n\tmrs %0, cntvct_el0" : "=r"(count) : : "memory");
        return count;
    }
};

}  // namespace unicore::arch
