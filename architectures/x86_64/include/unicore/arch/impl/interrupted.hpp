// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>

namespace unicore::arch {

/// FXSAVE's: no wider registers are switched on. [Intel SDM vol. 1, 10.5]
inline constexpr std::size_t interrupted_size = 512;

}  // namespace unicore::arch
