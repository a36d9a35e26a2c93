// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace unicore::arch {

/// RNDRRS, seeded from the true random source for each word. [Arm DDI 0487, D13.2.108; FEAT_RNG]
/// Processes read the identification register too: Linux emulates it. [Linux, Documentation/arm64/cpu-feature-registers.rst]
struct Random {
    static RandomKind kind() noexcept {
        std::uint64_t features;
        asm("mrs %0, id_aa64isar0_el1" : "=r"(features));
        return (features >> 60) == 0 ? RandomKind::none : RandomKind::source;
    }
    static bool draw(RandomKind, std::uint64_t& word) noexcept {
        bool drawn;
        asm volatile("mrs %0, s3_3_c2_c4_1" : "=r"(word), "=@ccne"(drawn));
        return drawn;
    }
};

}  // namespace unicore::arch
