// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/chrono.hpp>

namespace unicore::platform::linux {

/// What Interrupts::unmask_and_wait does, until CLOCK_MONOTONIC reads `deadline` at the latest.
/// nanoseconds::max() never comes; a deadline that has passed returns at once, with pending signals
/// handled. Context: thread, masked.
void unmask_and_wait_until(std::chrono::nanoseconds deadline) noexcept;

/// Has a signal interrupt the process when CLOCK_MONOTONIC reads `deadline`, or somewhat later; another call takes the
/// place of the one before. nanoseconds::max() never comes. Context: masked.
void alarm_at(std::chrono::nanoseconds deadline) noexcept;

}  // namespace unicore::platform::linux
