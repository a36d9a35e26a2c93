// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace unicore::arch {

/// What a test says it is.
struct Random {
    using Draw = bool (*)(RandomKind kind, std::uint64_t& word) noexcept;

    static RandomKind kind() noexcept { return test_kind; }
    static bool draw(RandomKind kind, std::uint64_t& word) noexcept {
        return test_draw != nullptr && test_draw(kind, word);
    }

    static inline constinit RandomKind test_kind = RandomKind::none;
    static inline constinit Draw test_draw = nullptr;
};

}  // namespace unicore::arch
