// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/time/clock.hpp>

namespace unicore::netstack::lwip {

/// What lwIP does now and then, when there is something to do. An image with nothing open, no address to ask for and no
/// neighbour to forget sleeps.
///
/// Runs what is due, and returns when something is due next. Context: thread, with the lock.
time::Instant run_timers(time::Instant now) noexcept;

/// Whether there is something to do now and then that no timer runs for: to be looked at when packets came in or timers
/// ran, where reading the clock for run_timers would be too much. Users make no more than connections; whether there is one
/// now, and no timer for it, is asked whenever lwIP was called. Context: thread, with the lock.
bool timers_wanted() noexcept;
bool tcp_timer_wanted() noexcept;

}  // namespace unicore::netstack::lwip
