// SPDX-License-Identifier: BSD-3-Clause
/// What the sources of this platform share.
#pragma once

#include <unicore/base/result.hpp>
#include <unicore/platform/linux/system_call.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace unicore::platform::linux {

/// Installs the handlers of faults and stop signals. Called once, before anything can fault.
void start_signals() noexcept;

/// Has interrupt_ends called soon, as an alarm: where signals have a stack of their own it cannot be. Weak, and does
/// nothing, without alarms.
void postpone_end() noexcept;

/// A wait's system call, with the mask opened in front of it: until CLOCK_MONOTONIC reads `deadline` at the latest.
/// Handling a signal sets `deadline` to zero. Images that watch a descriptor have another one than all others (watch.cpp).
/// Called masked, returns open.
void open_and_sleep(volatile TimeSpec& deadline) noexcept;

/// Setting `memory`. Takes effect before the first `platform::memory()`.
Result<void> set_memory(std::string_view value) noexcept;

/// A size of memory: MiB, or another unit with the suffix K, M or G. Returns bytes, whole pages.
/// Errors: invalid_argument when it is no such number; out_of_range below 64 KiB or above what a
/// process can address.
Result<std::size_t> parse_memory_size(std::string_view size) noexcept;

}  // namespace unicore::platform::linux
