// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/time/clock.hpp>

namespace unicore::netstack::lwip {

/// What lwIP does now and then, when there is something to do. An image with nothing open, no address to ask for and no
/// neighbour to forget sleeps.
///
/// Runs what is due, and returns when something is due next. Context: thread, with the lock.
time::Instant run_timers(time::Instant now) noexcept;

/// Whether there is something to do now and then that no timer runs for: to be looked at whenever lwIP was called, where
/// reading the clock for run_timers would be too much. Context: thread, with the lock.
bool timers_wanted() noexcept;

}  // namespace unicore::netstack::lwip
