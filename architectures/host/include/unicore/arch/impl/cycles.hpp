// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <chrono>
#include <cstdint>

namespace unicore::arch {

/// Nanoseconds, for want of a portable cycle counter.
struct Cycles {
    static std::uint64_t read() noexcept {
        return static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
    }
};

}  // namespace unicore::arch
