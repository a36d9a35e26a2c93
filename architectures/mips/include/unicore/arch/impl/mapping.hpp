// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace unicore::arch {

/// The end of kuseg; above it is the image. [MIPS32 volume III, virtual memory]
inline constexpr std::uint64_t mapping_end = 0x8000'0000;

}  // namespace unicore::arch
