// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace unicore::arch {

/// The Count register, of 32 bits: it starts again after some seconds. Processes may read it where HWREna says so,
/// as Linux sets it. [MIPS32 volume II, RDHWR, register 2]
struct Cycles {
    static std::uint64_t read() noexcept {
        std::uint32_t count;
        asm volatile("rdhwr %0, $2" : "=r"(count) : : "memory");
        return count;
    }
};

}  // namespace unicore::arch
