// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>

namespace unicore::arch {

/// 16 pairs of registers, FCSR, and what vectors.S notes.
inline constexpr std::size_t interrupted_size = 144;

}  // namespace unicore::arch
