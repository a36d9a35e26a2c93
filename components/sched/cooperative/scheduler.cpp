// SPDX-License-Identifier: BSD-3-Clause
#include "scheduler.hpp"

#include <unicore/power.hpp>

#include <utility>

namespace unicore::sched::threads {

using platform::Interrupts;
using platform::MaskGuard;

Scheduler::Scheduler() noexcept : open_(Interrupts::save_and_mask()) {
    Interrupts::restore(open_);
    main_.next = &main_;
    main_.in_ring = true;
    threads_.push_back(main_);
}

void Scheduler::wake(Control& thread) noexcept {
    alert();
    if (std::exchange(thread.token, true) || thread.in_ring) return;
    thread.next = nullptr;
    (woken_ == nullptr ? woken_ : woken_last_->next) = &thread;
    woken_last_ = &thread;
}

void Scheduler::into_ring(Control& thread) noexcept {
    thread.in_ring = true;
    thread.next = current_;
    previous_->next = &thread;
    previous_ = &thread;
}

/// Puts those into the ring that have a reason to run.
void Scheduler::look_round() noexcept {
    attention_.store(false, std::memory_order_relaxed);
    if (!timers_.empty()) expire();
    const MaskGuard masked;
    if (power::stop_requested() && !std::exchange(stopped_, true))
        for (Control& thread : threads_) wake(thread);
    while (woken_ != nullptr) into_ring(*std::exchange(woken_, woken_->next));
    if (!timers_.empty()) alert();
}

[[gnu::noinline]] void Scheduler::look_round_and_yield() noexcept {
    look_round();
    let_next_run();
}

void Scheduler::expire() noexcept {
    const time::Instant now = time::Monotonic::now();
    while (!timers_.empty() && timers_.begin()->deadline <= now) {
        Control& thread = *timers_.begin();
        timers_.erase(timers_.begin());
        const MaskGuard masked;
        wake(thread);
    }
}

/// Takes the current thread out, and goes on with the next one until its turn comes again; false when there is
/// none, or it was woken.
bool Scheduler::leave_ring(Control& self) noexcept {
    Control& next = *self.next;
    {
        const MaskGuard masked;
        if (self.token || &next == &self) return false;
        self.in_ring = false;
        previous_->next = &next;
    }
    go_on(self, next);
    return true;
}

void Scheduler::idle() noexcept {
    const MaskGuard masked;
    if (woken_ == nullptr && !current_->token && power::stop_requested() == stopped_)
        time::clock::idle_until(timers_.empty() ? time::never : timers_.begin()->deadline);
}

void Scheduler::block(time::Instant deadline) noexcept {
    Control& self = *current_;
    // Threads are switched with the mask open. One that waits masked, as in a condition, has it masked again afterwards.
    const Interrupts::State before = Interrupts::save_and_mask();
    Interrupts::restore(open_);
    if (deadline != time::never) {
        self.deadline = deadline;
        timers_.insert(self);
        alert();
    }
    for (;; idle()) {
        look_round();
        if (leave_ring(self) || self.token) break;
    }
    if (self.timer_hook.is_linked()) timers_.erase(timers_.iterator_to(self));
    static_cast<void>(Interrupts::save_and_mask());
    self.token = false;
    Interrupts::restore(before);
}

void Scheduler::add(Control& thread, unsigned priority) noexcept {
    thread.priority = priority;
    threads_.push_back(thread);
    into_ring(thread);
}

void Scheduler::end_current() noexcept {
    Control& self = *current_;
    threads_.erase(threads_.iterator_to(self));
    self.ended = true;
    if (self.detached) {
        // Nobody reaps it before it has left.
        self.joiner = std::exchange(ended_, &self);
    } else if (self.joiner != nullptr) {
        const MaskGuard masked;
        wake(*self.joiner);
    }
    for (;; idle()) {
        look_round();
        self.token = false;
        leave_ring(self);
    }
}

void Scheduler::reap() noexcept {
    while (ended_ != nullptr) {
        Control& thread = *std::exchange(ended_, ended_->joiner);
        const Stack stack = std::move(thread.stack);
    }
}

}  // namespace unicore::sched::threads

bool unicore::sched::has_priorities() noexcept { return false; }
