// SPDX-License-Identifier: BSD-3-Clause
/// A clock that stands still until somebody idles, or does nothing but look at it, and interrupts that come when a test wants them.
#pragma once

#include <unicore/time/clock.hpp>

#include <functional>

namespace unicore::test {

/// Forgets all that was scripted and counted, a stop request too; time is 1 s. Happens before
/// every test case.
void reset_time() noexcept;

/// Runs `handler`, masked as an interrupt is, when the clock reaches `at` inside an idle.
void interrupt_at(time::Instant at, std::function<void()> handler);

/// Runs `handler` inside the next reading of the clock, as calibrating lets interrupts in.
void interrupt_in_next_reading(std::function<void()> handler);

/// How far the virtual clock is, without it counting as a reading.
time::Instant virtual_now() noexcept;

/// Lets time pass while the CPU runs; returns whether the timer interrupts, as interrupt_at has set it. It does once.
bool pass(time::Duration duration) noexcept;

struct Counts {
    unsigned readings;  ///< calls of Monotonic::now
    unsigned idles;     ///< calls of idle_until
    unsigned hangs;     ///< idles that nothing would have ended; each then asked the image to stop
    bool unmasked;      ///< whether idle_until was ever called unmasked
};
const Counts& counts() noexcept;

/// Whether interrupts are masked.
bool masked() noexcept;

}  // namespace unicore::test
