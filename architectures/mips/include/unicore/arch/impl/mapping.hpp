// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace unicore::arch {

inline constexpr std::uint64_t mapping_end = 0x2000'0000;  ///< what kseg0 reaches. [MIPS32 volume III, 4.2]

}  // namespace unicore::arch
