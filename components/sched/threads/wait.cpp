// SPDX-License-Identifier: BSD-3-Clause
// Waiting and waking. [components/sched/README.md, the one rule against lost wake-ups]
#include <scheduler.hpp>

#include <unicore/arch/barriers.hpp>
#include <unicore/platform/interrupts.hpp>
#include <unicore/power.hpp>
#include <unicore/sched.hpp>
#include <unicore/sched/mutex.hpp>

namespace unicore::sched {

using threads::Control;
using threads::scheduler;
using platform::MaskGuard;

Result<void> WaitQueue::wait(Predicate condition, time::Instant deadline) noexcept {
    Waiter waiter;
    waiter.thread = &scheduler().current();
    for (bool passed = false;;) {
        {
            // It stands in the queue while it looks, so that whatever comes in meanwhile wakes it: the first reading of
            // the clock opens the mask to calibrate.
            const MaskGuard masked;
            waiters_.push_back(waiter);
            const auto leave = [&](auto outcome) {
                if (!waiter.woken) waiters_.erase(waiters_.iterator_to(waiter));
                return outcome;
            };
            if (condition()) return leave(Result<void>());
            if (power::stop_requested()) return leave(Result<void>(unexpected(Error::stopped)));
            if (passed) return leave(Result<void>(unexpected(Error::timed_out)));
            passed = deadline != time::never && time::Monotonic::now() >= deadline;
        }
        if (!passed) scheduler().block(deadline);
        const MaskGuard masked;
        if (!waiter.woken) waiters_.erase(waiters_.iterator_to(waiter));
        waiter.woken = false;
    }
}

namespace {

/// Masked.
void wake_first(auto& waiters) noexcept {
    Waiter& waiter = waiters.front();
    waiters.pop_front();
    waiter.woken = true;
    scheduler().wake(*static_cast<Control*>(waiter.thread));
}

}  // namespace

void WaitQueue::wake_one() noexcept {
    {
        const MaskGuard masked;
        if (waiters_.empty()) return;
        wake_first(waiters_);
    }
    scheduler().settle();
}

void WaitQueue::wake_all() noexcept {
    {
        const MaskGuard masked;
        if (waiters_.empty()) return;
        while (!waiters_.empty()) wake_first(waiters_);
    }
    scheduler().settle();
}

bool parking::park(const Parked& parked, time::Instant deadline) noexcept {
    for (;; scheduler().block(deadline)) {
        const MaskGuard masked;
        if (parked.handed) return true;
        if (deadline != time::never && time::Monotonic::now() >= deadline) return false;
    }
}

void parking::unpark(Parked& parked) noexcept { scheduler().wake(*reinterpret_cast<Control*>(parked.thread)); }

void parking::settle() noexcept { scheduler().settle(); }

Result<void> sleep_until(time::Instant deadline) noexcept {
    WaitQueue nobody;
    const Result<void> outcome = nobody.wait([] { return false; }, deadline);
    if (outcome.error() == Error::timed_out) return {};
    return outcome;
}

Result<void> sleep_for(time::Duration duration) noexcept {
    // Saturates: the longest durations mean "for ever", and need no clock.
    if (duration == time::Duration::max()) return sleep_until(time::never);
    const time::Instant now = time::Monotonic::now();
    return sleep_until(duration < time::never - now ? now + duration : time::never);
}

void yield() noexcept { scheduler().yield(); }

}  // namespace unicore::sched
