// SPDX-License-Identifier: BSD-3-Clause
// What every provider of time.clock promises: order and lower bounds, never how late.
#include <unicore/debug/check.hpp>
#include <unicore/platform/interrupts.hpp>
#include <unicore/time/clock.hpp>

namespace unicore::time::clock {
namespace {

using namespace std::chrono_literals;

void order(debug::Check& check) noexcept {
    Instant last = Monotonic::now();
    bool ordered = true, moved = false;
    for (int i = 0; i < 20'000; ++i) {
        const Instant now = Monotonic::now();
        ordered = ordered && now >= last;
        moved = moved || now > last;
        last = now;
    }
    check(ordered, "the clock never goes back");
    check(moved, "the clock goes forward");
    check(last < never, "there is time left");
}

/// Sleeps as a scheduler would, and tells whether it got there.
bool sleep_until(Instant deadline) noexcept {
    constexpr int patience = 1'000'000;  // a clock that does not move would otherwise hang the test
    for (int i = 0; i < patience; ++i) {
        if (Monotonic::now() >= deadline) return true;
        idle_until(deadline);
    }
    return false;
}

void deadlines(debug::Check& check) noexcept {
    const platform::MaskGuard masked;
    for (const Duration duration :
         {Duration(1ns), Duration(1us), Duration(50us), Duration(1ms), Duration(20ms), Duration(60ms)}) {
        const Instant start = Monotonic::now();
        check(sleep_until(start + duration), "a deadline comes");
        check(Monotonic::now() - start >= duration, "and not before its time");
    }
}

void passed_deadlines(debug::Check& check) noexcept {
    const platform::MaskGuard masked;
    const Instant before = Monotonic::now();
    idle_until(before);
    idle_until(before - 1h);
    idle_until(Instant());
    check(Monotonic::now() >= before, "deadlines that have passed return");
}

void left_over_timers(debug::Check& check) noexcept {
    const platform::MaskGuard masked;
    // The timer of the far deadline is still armed, or the other way round: neither disturbs the next.
    const Instant start = Monotonic::now();
    idle_until(start);
    check(sleep_until(start + 2ms), "a deadline after one that had passed");
    const Instant next = Monotonic::now();
    check(sleep_until(next + 1ms) && Monotonic::now() >= next + 1ms, "a deadline after a later one");
}

}  // namespace

void conformance(debug::Check& check) noexcept {
    order(check);
    deadlines(check);
    passed_deadlines(check);
    left_over_timers(check);
    order(check);
}

}  // namespace unicore::time::clock
