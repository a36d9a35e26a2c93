// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>

namespace unicore::arch {

/// Nothing of it.
inline constexpr std::size_t interrupted_size = 16;

}  // namespace unicore::arch
