// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace unicore::arch {

/// RandomInstruction of CPUs that have none.
struct NoRandom {
    static RandomKind kind() noexcept { return RandomKind::none; }
    static bool draw(RandomKind, std::uint64_t&) noexcept { return false; }
};

}  // namespace unicore::arch
