// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace unicore::arch {

inline constexpr std::uint64_t mapping_end = 0xf000'0000;  ///< above it: what the entry maps for itself

}  // namespace unicore::arch
