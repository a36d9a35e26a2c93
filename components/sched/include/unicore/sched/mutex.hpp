// SPDX-License-Identifier: BSD-3-Clause
/// Locks between threads, with every provider of sched: where there is one thread, nobody ever waits for one. All of
/// them can be constinit, and none is for interrupt handlers, which wake a WaitQueue or a Work.
#pragma once

#include <unicore/base/result.hpp>
#include <unicore/sched/locals.hpp>
#include <unicore/time/clock.hpp>

#include <atomic>

namespace unicore::sched {

/// A thread that waits for another one to hand it something; lives on its stack for the time of the wait.
struct Parked {
    const std::uintptr_t thread = current_thread();
    Parked* next = nullptr;
    bool handed = false;  ///< changed masked
    class Mutex* mutex = nullptr;  ///< what it waits for, if that
};

/// Those who wait, in the order of their turns: by priority, where there are such, else by time. Used masked.
class ParkedList {
public:
    constexpr ParkedList() noexcept = default;
    bool empty() const noexcept { return first_ == nullptr; }
    Parked* first() noexcept { return first_; }
    /// Behind all that parking::before does not let it go before.
    void push(Parked& parked) noexcept;
    Parked& pop() noexcept;
    void remove(Parked& parked) noexcept;

private:
    Parked* first_ = nullptr;
};

/// Has one owner at a time, who unlocks it; whoever waits gets it in turn. A stop request ends no such wait.
class Mutex {
public:
    constexpr Mutex() noexcept = default;
    Mutex(const Mutex&) = delete;
    Mutex& operator=(const Mutex&) = delete;

    /// Waits until it is free, and has it. Who has it already panics. Context: thread.
    void lock() noexcept {
        // An interrupt that comes in between is no reason to try again here: the other way works as well, and is rare.
        std::uintptr_t nobody = 0;
        if (!owner_.compare_exchange_weak(nobody, current_thread(), std::memory_order_acquire, std::memory_order_relaxed)) [[unlikely]]
            lock_slowly(time::never);
    }
    /// Has it, if it is free. Context: thread.
    bool try_lock() noexcept {
        std::uintptr_t nobody = 0;
        return owner_.compare_exchange_strong(nobody, current_thread(), std::memory_order_acquire, std::memory_order_relaxed);
    }
    /// As lock. Errors: timed_out. Context: thread.
    Result<void> lock_until(time::Instant deadline) noexcept {
        if (!try_lock() && !lock_slowly(deadline)) return unexpected(Error::timed_out);
        return {};
    }
    /// Gives it to who waits longest, or to nobody. Asserts that the thread has it. Context: thread.
    void unlock() noexcept {
        std::uintptr_t self = current_thread();
        if (!owner_.compare_exchange_weak(self, 0, std::memory_order_release, std::memory_order_relaxed)) [[unlikely]]
            hand_over();
    }

    /// Whether the thread that runs has it. Context: thread.
    bool held() const noexcept { return owner() == current_thread(); }

    /// For parking::lend. Masked.
    std::uintptr_t owner() const noexcept { return owner_.load(std::memory_order_relaxed) & ~contended; }
    ParkedList& waiters() noexcept { return waiters_; }
    struct Lent {
        std::uintptr_t to = 0;  ///< the owner, as long as others wait
        Mutex* next = nullptr;  ///< of those that it has, in the owner's list
    };
    Lent& lent() noexcept { return lent_; }

private:
    /// Set beside the owner, whose number is even, while others wait.
    static constexpr std::uintptr_t contended = 1;

    bool lock_slowly(time::Instant deadline) noexcept;
    void hand_over() noexcept;

    std::atomic<std::uintptr_t> owner_{0};
    ParkedList waiters_;
    Lent lent_{};
};

/// A mutex that its owner may lock again, and unlocks as often.
class RecursiveMutex {
public:
    constexpr RecursiveMutex() noexcept = default;

    void lock() noexcept {
        if (!mutex_.held()) mutex_.lock();
        ++depth_;
    }
    bool try_lock() noexcept {
        if (!mutex_.held() && !mutex_.try_lock()) return false;
        ++depth_;
        return true;
    }
    /// Errors: timed_out.
    Result<void> lock_until(time::Instant deadline) noexcept {
        if (!mutex_.held()) UNICORE_TRY(mutex_.lock_until(deadline));
        ++depth_;
        return {};
    }
    void unlock() noexcept {
        if (--depth_ == 0) mutex_.unlock();
    }
    bool held() const noexcept { return mutex_.held(); }

private:
    Mutex mutex_;
    std::size_t depth_ = 0;  ///< the owner's
};

/// Has one of them for a scope. Context: thread.
template <typename Lockable>
class [[nodiscard]] Guard {
public:
    explicit Guard(Lockable& lockable) noexcept : lockable_(lockable) { lockable_.lock(); }
    ~Guard() { lockable_.unlock(); }
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;

private:
    Lockable& lockable_;
};

/// Threads that gave up a mutex until they are told that something has changed. No wait ends without that, a stop
/// request included.
class ConditionVariable {
public:
    constexpr ConditionVariable() noexcept = default;
    ConditionVariable(const ConditionVariable&) = delete;
    ConditionVariable& operator=(const ConditionVariable&) = delete;

    /// Unlocks `mutex`, which the thread has, waits for a notification, and locks it again. Context: thread.
    void wait(Mutex& mutex) noexcept { static_cast<void>(wait_until(mutex, time::never)); }
    /// The same, until the deadline. Errors: timed_out; it has the mutex then, too.
    Result<void> wait_until(Mutex& mutex, time::Instant deadline) noexcept;

    /// Wakes the longest waiter, or all, whoever has the mutex. Context: thread.
    void notify_one() noexcept;
    void notify_all() noexcept;

private:
    ParkedList waiters_;
};

/// For locks. The provider's.
namespace parking {

/// Waits until `parked.handed` or the deadline, and returns the former. A stop request does not end it.
/// Context: thread.
bool park(const Parked& parked, time::Instant deadline) noexcept;

/// Has the thread look again. Context: masked.
void unpark(Parked& parked) noexcept;

/// Called when the mask has opened after that: a thread that goes first may run. Context: thread.
void settle() noexcept;

/// Whether one goes before another that came earlier; weak: never. Context: masked.
bool before(const Parked& one, const Parked& other) noexcept;

/// Called when a thread has begun to wait for a mutex, and when it does so no more. Weak: nothing. Context: masked.
void begins(Parked& parked) noexcept;
void ends(Parked& parked) noexcept;

/// Called when the owner of a mutex or those who wait for it have changed: the owner goes first as those would, so that
/// nobody between them keeps them waiting. Weak: nothing. Context: masked.
void lend(Mutex& mutex) noexcept;

}  // namespace parking
}  // namespace unicore::sched
