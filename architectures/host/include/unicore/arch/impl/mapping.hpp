// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace unicore::arch {

inline constexpr std::uint64_t mapping_end = std::uint64_t{1} << 47;  ///< as on x86-64

}  // namespace unicore::arch
