// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/time/clock.hpp>

namespace unicore::netstack::lwip {

/// What lwIP does now and then, when there is something to do. An image with nothing open, no address to ask for and no
/// neighbour to forget sleeps.
///
/// Runs what is due, and returns when something is due next. Context: thread, with the lock.
time::Instant run_timers(time::Instant now) noexcept;

}  // namespace unicore::netstack::lwip
