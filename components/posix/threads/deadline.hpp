// SPDX-License-Identifier: BSD-3-Clause
/// Moments of POSIX's clocks as sched's deadlines.
#pragma once

#include <unicore/time/clock.hpp>

#include <expected>

#include <time.h>

namespace unicore::posix::threads {

bool valid(const timespec& time) noexcept;
bool known(clockid_t clock) noexcept;

/// Durations of more than two centuries are taken for so long; negative ones are as they are.
time::Duration duration(const timespec& time) noexcept;
timespec to_timespec(time::Duration duration) noexcept;

/// The moment at which `clock` shows `time`. Errors: EINVAL for clocks and times that are none, EIO where the machine
/// has no date.
std::expected<time::Instant, int> deadline(clockid_t clock, const timespec& time) noexcept;

/// `duration` from now, or never.
time::Instant after(time::Duration duration) noexcept;

}  // namespace unicore::posix::threads
