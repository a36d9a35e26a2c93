// SPDX-License-Identifier: BSD-3-Clause
#include "scheduler.hpp"

#include <unicore/arch/barriers.hpp>
#include <unicore/arch/preemption.hpp>
#include <unicore/base/assert.hpp>
#include <unicore/base/preemption.hpp>
#include <unicore/power.hpp>

#include <algorithm>
#include <bit>
#include <utility>

namespace unicore::sched::threads {

using platform::Interrupts;
using platform::MaskGuard;

Scheduler::Scheduler() noexcept {
    main_.runnable = true;
    threads_.push_back(main_);
}

void Scheduler::prepare() noexcept {
    static_cast<void>(time::Monotonic::now());
    const MaskGuard masked;
    time::clock::interrupt_at(time::never);
}

unsigned Scheduler::highest() const noexcept { return 31 - static_cast<unsigned>(std::countl_zero(levels_)); }

void Scheduler::make_ready(Control& thread, bool in_front) noexcept {
    Ready& level = ready_[thread.priority];
    if (in_front) level.push_front(thread);
    else level.push_back(thread);
    levels_ |= std::uint32_t{1} << thread.priority;
}

void Scheduler::take_from_ready(Control& thread) noexcept {
    Ready& level = ready_[thread.priority];
    level.erase(level.iterator_to(thread));
    if (level.empty()) levels_ &= ~(std::uint32_t{1} << thread.priority);
}

Control& Scheduler::take_next() noexcept {
    Control& next = ready_[highest()].front();
    take_from_ready(next);
    return next;
}

void Scheduler::wake(Control& thread) noexcept {
    if (std::exchange(thread.token, true) || thread.runnable) return;
    thread.runnable = true;
    make_ready(thread);
    if (idle_) return;
    if (thread.priority > current_->priority) wanted_ = true;
    program();
}

void Scheduler::go_on(Control& self, Control& next) noexcept {
    current_ = &next;
    ++switches_;
    overdue_ = false;
    program();
    arch::Context::switch_to(self.context, next.context);
}

void Scheduler::go_on_willingly(Control& self) noexcept {
    Control& next = take_next();
    if (&next == &self) return program();  // others that were woken while it idled have a tick to wait for
    go_on(self, next);
    Interrupts::resumed();
}

void Scheduler::begin() noexcept {
    // As another one left the mask: of its own will, or in an interrupt.
    Interrupts::resumed();
    Interrupts::open();
}

void Scheduler::expire(time::Instant now) noexcept {
    while (!timers_.empty() && timers_.begin()->deadline <= now) {
        Control& thread = *timers_.begin();
        timers_.erase(timers_.begin());
        wake(thread);
    }
}

/// A thread that has run since the last tick has had its slice.
void Scheduler::tick(time::Instant now) noexcept {
    if (now < next_tick_) return;
    next_tick_ = time::never;
    if (std::exchange(switches_at_tick_, switches_) == switches_) overdue_ = true;
}

/// Sets the timer where it is not set to come early enough: to the first deadline, and to the next tick while others are
/// ready. One that comes too early does no harm.
void Scheduler::program() noexcept {
    if (!any_ready() && !current_->runnable) return;  // it is about to idle
    if (any_ready() && next_tick_ == time::never) next_tick_ = time::Monotonic::now() + slice;
    time::Instant next = any_ready() ? next_tick_ : time::never;
    if (!timers_.empty()) next = std::min(next, timers_.begin()->deadline);
    if (next >= programmed_) return;
    const time::Instant now = time::Monotonic::now();
    programmed_ = next;
    early_ = now + (std::max(next, now) - now) / 2;
    time::clock::interrupt_at(next);
}

/// Makes those ready that have a reason to run.
void Scheduler::look_round() noexcept {
    if (power::stop_requested() && !std::exchange(stopped_, true))
        for (Control& thread : threads_) wake(thread);
    if (programmed_ == time::never && timers_.empty()) return;
    const time::Instant now = time::Monotonic::now();
    if (now >= early_) programmed_ = time::never;  // it has gone off, be it too early, or is set again
    expire(now);
    tick(now);
    program();
}

void Scheduler::interrupted() noexcept {
    if (idle_) return;
    Control& self = *current_;
    wanted_ = false;
    look_round();
    if (!any_ready()) return;
    const unsigned best = highest();
    if (best < self.priority || (best == self.priority && !overdue_)) return;
    if (self.held != 0) {
        wanted_ = true;
        return;
    }
    make_ready(self, !overdue_);
    arch::InterruptedState state;
    state.save();
    go_on(self, take_next());
    state.restore();
}

void Scheduler::give_way() noexcept {
    const Interrupts::State before = Interrupts::save_and_mask();
    if (Interrupts::is_open(before) && current_->held == 0) {
        wanted_ = false;
        Control& self = *current_;
        look_round();
        if (any_ready() && (highest() > self.priority || (overdue_ && highest() == self.priority))) {
            make_ready(self, !overdue_);
            go_on_willingly(self);
        }
    }
    Interrupts::restore(before);
}

void Scheduler::yield() noexcept {
    const Interrupts::State before = Interrupts::save_and_mask();
    if (std::exchange(wanted_, false)) look_round();
    Control& self = *current_;
    if (any_ready() && highest() >= self.priority) {
        make_ready(self);
        go_on_willingly(self);
    } else {
        arch::Barriers::relax();
    }
    Interrupts::restore(before);
}

/// Halts until somebody is ready; the current one may be it.
void Scheduler::wait_for_any() noexcept {
    while (!any_ready()) {
        look_round();
        if (any_ready() || power::stop_requested() != stopped_) continue;
        idle_ = true;
        programmed_ = time::never;
        time::clock::idle_until(timers_.empty() ? time::never : timers_.begin()->deadline);
        idle_ = false;
    }
}

void Scheduler::block(time::Instant deadline) noexcept {
    const Interrupts::State before = Interrupts::save_and_mask();
    Control& self = *current_;
    if (!self.token) {
        if (deadline != time::never) {
            self.deadline = deadline;
            timers_.insert(self);
        }
        self.runnable = false;
        wait_for_any();
        go_on_willingly(self);
        if (self.timer_hook.is_linked()) timers_.erase(timers_.iterator_to(self));
    }
    self.token = false;
    Interrupts::restore(before);
}

void Scheduler::add(Control& thread, unsigned priority) noexcept {
    UNICORE_ASSERT(priority <= highest_priority);
    thread.priority = thread.own_priority = priority;
    {
        const MaskGuard masked;
        threads_.push_back(thread);
        thread.runnable = true;
        make_ready(thread);
        if (priority > current_->priority) wanted_ = true;
        program();
    }
    settle();
}

void Scheduler::end_current() noexcept {
    static_cast<void>(Interrupts::save_and_mask());
    Control& self = *current_;
    threads_.erase(threads_.iterator_to(self));
    self.ended = true;
    self.runnable = false;
    if (self.detached) self.joiner = std::exchange(ended_, &self);  // nobody reaps it before it has left
    else if (self.joiner != nullptr) wake(*self.joiner);
    wait_for_any();
    go_on(self, take_next());
    __builtin_unreachable();
}

void Scheduler::reap() noexcept {
    for (;;) {
        Control* thread;
        {
            const MaskGuard masked;
            thread = ended_;
            if (thread == nullptr) return;
            ended_ = thread->joiner;
        }
        const Stack stack = std::move(thread->stack);
    }
}

void Scheduler::set_priority(Control& thread, unsigned priority) noexcept {
    {
        const MaskGuard masked;
        thread.own_priority = priority;
        inherit(thread);
    }
    settle();
}

}  // namespace unicore::sched::threads

namespace unicore {

bool sched::has_priorities() noexcept { return true; }

void arch::interrupt_ends() noexcept {
    using namespace sched::threads;
    if (started()) scheduler().interrupted();
}

void hold_preemption() noexcept {
    using namespace sched::threads;
    if (started()) scheduler().hold();
}

void allow_preemption() noexcept {
    using namespace sched::threads;
    if (started()) scheduler().allow();
}

}  // namespace unicore
