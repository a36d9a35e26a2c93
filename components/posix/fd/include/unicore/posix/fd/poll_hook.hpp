// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/libc/cancellation.hpp>
#include <unicore/platform/interrupts.hpp>
#include <unicore/sched.hpp>

#include <atomic>

namespace unicore::posix::fd {

struct PollHook;

/// Somebody who is told when things change in whose lists it stands.
class Watcher {
public:
    /// What `hook` stands in has changed. Context: any, masked.
    virtual void notify(PollHook& hook) noexcept = 0;
    /// Whether its hooks stay while nobody waits, as those of posix.epoll: they keep no description.
    bool stays() const noexcept { return stays_; }

protected:
    explicit constexpr Watcher(bool stays) noexcept : stays_(stays) {}
    ~Watcher() = default;

private:
    const bool stays_;
};

/// A thread that waits for one of several things; lives on its stack for the time of the wait.
class Poller final : public Watcher {
public:
    Poller() noexcept : Watcher(false) {}
    /// Has it look again.
    void notify(PollHook&) noexcept override {
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

/// Tells a watcher that something has changed, while it stands in that thing's list; a poller's lives on its stack.
struct PollHook {
    Watcher* watcher = nullptr;
    PollHook* next = nullptr;
    PollHook** place = nullptr;  ///< what refers to it
};

/// Those who wait for one thing. Changed and read masked.
class PollHooks {
public:
    constexpr PollHooks() noexcept = default;
    PollHooks(const PollHooks&) = delete;
    PollHooks& operator=(const PollHooks&) = delete;

    bool empty() const noexcept { return first_ == nullptr; }
    /// Context: thread.
    void add(PollHook& hook) noexcept;
    static void remove(PollHook& hook) noexcept;
    /// The first of which that holds, or null. Context: thread.
    template <typename Which>
    PollHook* find(Which which) const noexcept {
        const platform::MaskGuard masked;
        PollHook* hook = first_;
        while (hook != nullptr && !which(*hook)) hook = hook->next;
        return hook;
    }
    /// Context: any.
    void notify() noexcept;
    void notify_masked() noexcept;

private:
    PollHook* first_ = nullptr;
};

}  // namespace unicore::posix::fd
