// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace unicore::arch {

inline constexpr std::uint64_t mapping_end = std::uint64_t{1} << 47;  ///< the lower half of what 4-level page tables translate [Intel SDM vol. 3A, 4.5]

}  // namespace unicore::arch
