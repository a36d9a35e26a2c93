// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace unicore::arch {

inline constexpr std::uint64_t mapping_end = std::uint64_t{1} << 39;  ///< as TCR_EL1.T0SZ is set by the entry

}  // namespace unicore::arch
