// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>

namespace unicore::arch {

/// 32 registers of 128 bits, FPSR, FPCR.
inline constexpr std::size_t interrupted_size = 528;

}  // namespace unicore::arch
