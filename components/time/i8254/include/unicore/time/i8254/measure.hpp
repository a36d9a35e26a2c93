// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/time/i8254.hpp>

#include <cstdint>

namespace unicore::time::i8254 {

/// The rate of a counter in hertz, against the 8254, while the CPU halts; 0 when there is no 8254, or no peace.
/// `count`: yields the counter, of which 32 bits count; 55 ms are less than 2^32 of it. `wait(ticks)`: halts for about
/// `ticks` of a timer whose rate is not known either, so the first wait is of `ticks` and should be short.
/// Context: masked; `wait` may open the mask.
template <typename Count, typename Wait>
std::uint64_t measure(Count count, Wait wait, std::uint32_t ticks) noexcept {
    constexpr std::uint32_t enough = hertz / 200;  // 5 ms; one tick is 170 millionths of it
    constexpr int attempts = 8;
    for (int i = 0; i < attempts; ++i) {
        load();
        // Both readings stand right before the port access that starts or latches.
        const auto before = static_cast<std::uint32_t>(count());
        start();
        wait(ticks);
        const std::uint32_t counted = static_cast<std::uint32_t>(count()) - before;
        const std::uint32_t passed = elapsed();
        if (passed == overrun) continue;
        if (passed >= enough) return counted * hertz / passed;
        ticks *= 4;
    }
    return 0;
}

}  // namespace unicore::time::i8254
