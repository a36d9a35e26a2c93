// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/base/assert.hpp>
#include <unicore/base/panic.hpp>
#include <unicore/platform/interrupts.hpp>
#include <unicore/sched/mutex.hpp>

#include <utility>

namespace unicore::sched {

using platform::MaskGuard;

[[gnu::weak]] bool parking::before(const Parked&, const Parked&) noexcept { return false; }
[[gnu::weak]] void parking::begins(Parked&) noexcept {}
[[gnu::weak]] void parking::ends(Parked&) noexcept {}
[[gnu::weak]] void parking::lend(Mutex&) noexcept {}

void ParkedList::push(Parked& parked) noexcept {
    Parked** last = &first_;
    while (*last != nullptr && !parking::before(parked, **last)) last = &(*last)->next;
    parked.next = *last;
    *last = &parked;
}

Parked& ParkedList::pop() noexcept { return *std::exchange(first_, first_->next); }

void ParkedList::remove(Parked& parked) noexcept {
    Parked** place = &first_;
    while (*place != &parked) place = &(*place)->next;
    *place = parked.next;
}

namespace {

/// A wait that ended in time, or took itself back. Masked looks decide between a deadline and whoever hands over.
bool wait_in(ParkedList& list, Parked& self, time::Instant deadline) noexcept {
    if (parking::park(self, deadline)) return true;
    const MaskGuard masked;
    if (!self.handed) list.remove(self);
    return self.handed;
}

void hand(Parked& parked) noexcept {
    parked.handed = true;
    parking::unpark(parked);
}

}  // namespace

bool Mutex::lock_slowly(time::Instant deadline) noexcept {
    Parked self;
    {
        const MaskGuard masked;
        const std::uintptr_t owner = owner_.load(std::memory_order_relaxed);
        if (owner == 0) {
            owner_.store(self.thread, std::memory_order_relaxed);
            return true;
        }
        if ((owner & ~contended) == self.thread) panic("sched: a thread locks a mutex that it has");
        owner_.store(owner | contended, std::memory_order_relaxed);
        self.mutex = this;
        waiters_.push(self);
        parking::begins(self);
        parking::lend(*this);
    }
    if (parking::park(self, deadline)) return true;
    // In one step: whoever unlocks it finds those who wait, or that nobody does.
    const MaskGuard masked;
    if (self.handed) return true;
    waiters_.remove(self);
    parking::ends(self);
    parking::lend(*this);
    if (waiters_.empty()) owner_.store(owner_.load(std::memory_order_relaxed) & ~contended, std::memory_order_relaxed);
    return false;
}

void Mutex::hand_over() noexcept {
    UNICORE_ASSERT(held());
    {
        const MaskGuard masked;
        if (waiters_.empty()) {  // the last one has just given up
            owner_.store(0, std::memory_order_release);
            return;
        }
        Parked& next = waiters_.pop();
        parking::ends(next);
        owner_.store(next.thread | (waiters_.empty() ? 0 : contended), std::memory_order_relaxed);
        parking::lend(*this);
        hand(next);
    }
    parking::settle();
}

Result<void> ConditionVariable::wait_until(Mutex& mutex, time::Instant deadline) noexcept {
    Parked self;
    {
        const MaskGuard masked;
        waiters_.push(self);
    }
    mutex.unlock();
    const bool notified = wait_in(waiters_, self, deadline);
    mutex.lock();
    if (!notified) return unexpected(Error::timed_out);
    return {};
}

void ConditionVariable::notify_one() noexcept {
    {
        const MaskGuard masked;
        if (waiters_.empty()) return;
        hand(waiters_.pop());
    }
    parking::settle();
}

void ConditionVariable::notify_all() noexcept {
    {
        const MaskGuard masked;
        while (!waiters_.empty()) hand(waiters_.pop());
    }
    parking::settle();
}

}  // namespace unicore::sched
