// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace unicore::arch {

/// The virtual count of the generic timer, where there is one: an extension of ARMv7. Processes may read it where the
/// kernel lets them; QEMU's user emulation does not know it. [Arm DDI 0406C, B4.1.34, CNTVCT]
struct Cycles {
    static std::uint64_t read() noexcept {
        std::uint64_t count;
        asm volatile("isb\n\tmrrc p15, 1, %Q0, %R0, c14" : "=r"(count) : : "memory");
        return count;
    }
};

}  // namespace unicore::arch
