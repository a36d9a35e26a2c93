// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/libc/cancellation.hpp>
#include <unicore/sched.hpp>

#include <atomic>

namespace unicore::posix::fd {

/// A thread that waits for one of several things; lives on its stack for the time of the wait.
class Poller {
public:
    /// Has it look again. Context: any.
    void notify() noexcept {
        notified_.store(true, std::memory_order_relaxed);
        queue_.wake_all();
    }
    /// Called before it looks: what changes from then on ends the wait.
    void forget() noexcept { notified_.store(false, std::memory_order_relaxed); }
    /// Context and errors: WaitQueue::wait; stopped also when the thread is to be cancelled.
    Result<void> wait(time::Instant deadline) noexcept {
        const auto notified = [this] { return notified_.load(std::memory_order_relaxed); };
        return libc::cancellation::wait(queue_, notified, deadline);
    }

private:
    std::atomic<bool> notified_{false};
    sched::WaitQueue queue_;
};

/// Tells a poller that something has changed, while it stands in that thing's list; lives on the poller's stack.
struct PollHook {
    Poller* poller = nullptr;
    PollHook* next = nullptr;
    PollHook** place = nullptr;  ///< what refers to it
};

/// Those who wait for one thing. Changed and read masked.
class PollHooks {
public:
    constexpr PollHooks() noexcept = default;
    PollHooks(const PollHooks&) = delete;
    PollHooks& operator=(const PollHooks&) = delete;

    /// Context: thread.
    void add(PollHook& hook) noexcept;
    static void remove(PollHook& hook) noexcept;
    /// Context: any.
    void notify() noexcept;

private:
    PollHook* first_ = nullptr;
};

}  // namespace unicore::posix::fd
