// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

/// Channel 0 of the 8254 as a stop-watch of 55 ms. Its interrupt is not used.
namespace unicore::time::i8254 {

inline constexpr std::uint64_t hertz = 1'193'182;

/// What `elapsed` says after 65,536 ticks.
inline constexpr std::uint32_t overrun = 0x10000;

/// Prepares a start, which is then one port access.
void load() noexcept;
/// Starts from zero.
void start() noexcept;

/// Ticks since the start, or `overrun`; that is also what no 8254 says.
std::uint32_t elapsed() noexcept;

}  // namespace unicore::time::i8254
