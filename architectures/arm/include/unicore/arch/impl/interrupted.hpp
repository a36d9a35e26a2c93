// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>

namespace unicore::arch {

/// 32 registers of 64 bits, FPSCR.
inline constexpr std::size_t interrupted_size = 264;

}  // namespace unicore::arch
