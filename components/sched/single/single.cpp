// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/arch/barriers.hpp>
#include <unicore/platform/interrupts.hpp>
#include <unicore/platform/per_image.hpp>
#include <unicore/power.hpp>
#include <unicore/sched.hpp>
#include <unicore/sched/locals.hpp>
#include <unicore/sched/mutex.hpp>
#include <unicore/sched/works.hpp>
#include <unicore/time/clock.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace unicore::sched {

namespace {

/// How often anything was woken. All waits nest on the one thread, so one count serves all queues:
/// waking the wrong wait costs one look at its condition. Wrapping round between two looks would
/// take 2^32 interrupts.
platform::PerImage<std::atomic<std::uint32_t>> wake_ups;

/// The word is only stored by whoever has the CPU; a store that an interrupt overtakes loses a count
/// that nobody waits for, because waits look at it masked.
void count_wake_up() noexcept {
    wake_ups->store(wake_ups->load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
}

/// A stop request ends it where `stops`.
Result<void> wait_for(Predicate condition, time::Instant deadline, bool stops = true) noexcept {
    for (bool passed = false;; works::run_next()) {
        const platform::MaskGuard masked;
        for (;;) {
            const std::uint32_t seen = wake_ups->load(std::memory_order_relaxed);
            if (condition()) return {};
            if (stops && power::stop_requested()) return unexpected(Error::stopped);
            if (passed) return unexpected(Error::timed_out);
            // The first reading of the clock may open the mask to calibrate, a condition that waits does
            // too: whatever came in meanwhile must be seen before the CPU halts. A deadline that has
            // passed goes round once more, so that a condition that holds wins.
            if (const time::Instant next = std::min(deadline, works::due()); next != time::never) {
                const time::Instant now = time::Monotonic::now();
                passed = now >= deadline;
                if (passed) continue;
                works::expire(now);
            }
            if (works::pending() != 0) break;
            if (seen == wake_ups->load(std::memory_order_relaxed) && !(stops && power::stop_requested()))
                time::clock::idle_until(std::min(deadline, works::due()));
        }
    }
}

platform::PerImage<locals::Locals> own;

}  // namespace

std::uintptr_t current_thread() noexcept { return 2; }

bool in_first_thread() noexcept { return true; }

locals::Locals& locals::current() noexcept { return *own; }

[[gnu::weak]] std::size_t works::pending() noexcept { return 0; }
[[gnu::weak]] bool works::run_next() noexcept { return false; }
[[gnu::weak]] void works::expire(time::Instant) noexcept {}
[[gnu::weak]] time::Instant works::due() noexcept { return time::never; }

Result<void> WaitQueue::wait(Predicate condition, time::Instant deadline) noexcept {
    return wait_for(condition, deadline);
}

/// Only a work can hand something over.
bool parking::park(const Parked& parked, time::Instant deadline) noexcept {
    return wait_for([&] { return parked.handed; }, deadline, false).has_value();
}

void parking::unpark(Parked&) noexcept { count_wake_up(); }

void parking::settle() noexcept {}

void WaitQueue::wake_one() noexcept { count_wake_up(); }

void WaitQueue::wake_all() noexcept { count_wake_up(); }

Result<void> sleep_until(time::Instant deadline) noexcept {
    const Result<void> outcome = wait_for([] { return false; }, deadline);
    if (outcome.error() == Error::timed_out) return {};
    return outcome;
}

Result<void> sleep_for(time::Duration duration) noexcept {
    // Saturates: the longest durations mean "for ever", and need no clock.
    if (duration == time::Duration::max()) return sleep_until(time::never);
    const time::Instant now = time::Monotonic::now();
    return sleep_until(duration < time::never - now ? now + duration : time::never);
}

void yield() noexcept {
    // There is no other thread, and in thread context interrupts are handled as they come.
    arch::Barriers::relax();
    {
        const platform::MaskGuard masked;
        if (works::due() != time::never) works::expire(time::Monotonic::now());
    }
    for (std::size_t left = works::pending(); left != 0 && works::run_next(); --left) {}
}

}  // namespace unicore::sched
