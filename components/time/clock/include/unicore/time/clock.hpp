// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/chrono.hpp>

#include <ratio>

namespace unicore::time {

using Duration = std::chrono::nanoseconds;

/// Nanoseconds since some moment before main; never goes back. Satisfies std::chrono's TrivialClock.
struct Monotonic {
    using duration = Duration;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<Monotonic>;
    static constexpr bool is_steady = true;

    /// Context: thread or masked. The first call may sleep for some milliseconds to calibrate.
    /// Panics when the machine has no clock at all.
    static time_point now() noexcept;
};

using Instant = Monotonic::time_point;

/// A deadline that does not come.
inline constexpr Instant never = Instant::max();

}  // namespace unicore::time

namespace unicore::time::clock {

/// Called masked: arms the one-shot timer for `deadline`, opens the mask and halts the CPU in one
/// step, returns masked after an interrupt, at the deadline or spuriously before. A deadline that
/// has passed returns at once, with pending interrupts handled. Context: thread, masked.
void idle_until(Instant deadline) noexcept;

/// Has the timer interrupt at `deadline` or soon after, while the CPU runs; or before, so the caller looks at the clock.
/// It is the same timer: another call, or idle_until, takes the place of the one before. `never`: not at all, or
/// seconds later. The first call may open the mask, to calibrate. Context: thread or interrupt, masked.
void interrupt_at(Instant deadline) noexcept;

}  // namespace unicore::time::clock
