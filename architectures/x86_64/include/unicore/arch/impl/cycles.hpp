// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace unicore::arch {

/// The time-stamp counter. [Intel SDM vol. 2B, RDTSC; lfence orders it after earlier instructions]
struct Cycles {
    static std::uint64_t read() noexcept {
        std::uint32_t low, high;
        asm volatile("lfence; rdtsc" : "=a"(low), "=d"(high) : : "memory");
        return std::uint64_t{high} << 32 | low;
    }
};

}  // namespace unicore::arch
