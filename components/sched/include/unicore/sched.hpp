// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/result.hpp>
#include <unicore/time/clock.hpp>

#include <boost/intrusive/list.hpp>

#include <concepts>
#include <memory>
#include <type_traits>

namespace unicore::sched {

/// A reference to a callable `bool()`, valid while the callable is.
class Predicate {
public:
    template <typename Callable>
        requires(std::predicate<Callable&> && !std::same_as<std::remove_cvref_t<Callable>, Predicate>)
    Predicate(Callable&& callable) noexcept
        : object_(const_cast<void*>(static_cast<const void*>(std::addressof(callable)))),
          call_([](void* object) { return static_cast<bool>((*static_cast<std::remove_reference_t<Callable>*>(object))()); }) {}

    bool operator()() const { return call_(object_); }

private:
    void* object_;
    bool (*call_)(void*);
};

/// One waiting thread; lives on its stack for the time of the wait.
struct Waiter {
    bool woken = false;
    void* thread = nullptr;  ///< the provider's own
    /// In WaitQueue::waiters_, which owns nothing; guarded by masked interrupts.
    boost::intrusive::list_member_hook<boost::intrusive::link_mode<boost::intrusive::normal_link>> waiters_hook;
};

/// Threads that wait for something to become true. Whoever makes it true wakes the queue.
/// Constructed in place in its owner's boot step (Late), or on a stack.
class WaitQueue {
public:
    /// Waits until `condition` holds. It is evaluated with interrupts masked, before the first sleep
    /// and after each wake-up, so a wake-up between the check and the sleep is not lost.
    /// Context: thread. Errors: timed_out when `deadline` passes first; stopped when the image was
    /// asked to stop. A condition that holds wins over both.
    Result<void> wait(Predicate condition, time::Instant deadline = time::never) noexcept;

    /// Wakes the longest waiter, or all. Context: any, interrupt handlers included.
    void wake_one() noexcept;
    void wake_all() noexcept;

private:
    using Waiters = boost::intrusive::list<
        Waiter, boost::intrusive::member_hook<Waiter, decltype(Waiter::waiters_hook), &Waiter::waiters_hook>,
        boost::intrusive::constant_time_size<false>>;
    Waiters waiters_;
};

/// Sleeps. Context: thread. Errors: stopped when the image was asked to stop.
Result<void> sleep_until(time::Instant deadline) noexcept;
Result<void> sleep_for(time::Duration duration) noexcept;

/// Lets other threads run, and pending interrupts be handled. Context: thread.
void yield() noexcept;

}  // namespace unicore::sched
