// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "control.hpp"

#include <unicore/arch/barriers.hpp>
#include <unicore/platform/interrupts.hpp>

#include <atomic>

namespace unicore::sched::threads {

/// Who runs, who could, who waits for what. Threads alone use it, and only one of them runs; all that interrupt
/// handlers do is to wake.
class Scheduler {
public:
    /// Before it is made.
    static void prepare() noexcept {}
    /// With the mask as threads have it.
    Scheduler() noexcept;
    /// When it has been made.
    void start() noexcept {}

    Control& current() noexcept { return *current_; }
    bool in_first() const noexcept { return current_ == &main_; }

    /// Has `thread` look again at what it waits for: a token, which the end of its wait takes. Masked.
    void wake(Control& thread) noexcept;

    /// Has threads look round. Context: any.
    void alert() noexcept { attention_.store(true, std::memory_order_relaxed); }

    /// Lets all others that can run do so once.
    [[gnu::always_inline]] void yield() noexcept {
        if (attention_.load(std::memory_order_relaxed)) [[unlikely]]
            return look_round_and_yield();
        let_next_run();
    }

    /// Lets others run, until it is woken or the deadline has passed; both may have been before.
    void block(time::Instant deadline) noexcept;

    /// Adds a thread that is prepared, behind all that can run.
    void add(Control& thread, unsigned priority) noexcept;
    /// What a thread does first.
    void begin() noexcept {}
    /// After a wake-up: no thread goes before others.
    void settle() noexcept {}
    static unsigned priority(const Control& thread) noexcept { return thread.priority; }
    static void set_priority(Control& thread, unsigned priority) noexcept { thread.priority = priority; }

    /// What a stack has room for besides what was asked for, in bytes: its alignment.
    static constexpr std::size_t stack_room = 16;
    /// Ends the one that runs.
    [[noreturn]] void end_current() noexcept;
    /// Gives back stacks of threads that ended and nobody joins.
    void reap() noexcept;

    /// Who does the work that there is.
    void set_worker(Control& thread) noexcept { worker_ = &thread; }
    Control* worker() noexcept { return worker_; }

private:
    using Timers =
        intrusive::multiset<Control, intrusive::member_hook<Control, decltype(Control::timer_hook), &Control::timer_hook>,
                            intrusive::constant_time_size<false>>;
    using Threads =
        intrusive::list<Control, intrusive::member_hook<Control, decltype(Control::threads_hook), &Control::threads_hook>,
                        intrusive::constant_time_size<false>>;

    void look_round() noexcept;
    void look_round_and_yield() noexcept;
    [[gnu::always_inline]] void let_next_run() noexcept {
        Control& self = *current_;
        if (self.next == &self) return arch::Barriers::relax();
        previous_ = &self;
        go_on(self, *self.next);
    }
    void expire() noexcept;
    void into_ring(Control& thread) noexcept;
    bool leave_ring(Control& self) noexcept;
    void idle() noexcept;
    [[gnu::always_inline]] void go_on(Control& self, Control& next) noexcept {
        current_ = &next;
        arch::Context::switch_to(self.context, next.context);
    }

    /// Something happened that look_round takes care of: a thread was woken, work came up, the image is to stop, or
    /// there are deadlines.
    std::atomic<bool> attention_{true};
    /// Those that can run are a ring by `next`, in the order of their turns.
    Control* current_ = &main_;
    Control* previous_ = &main_;  ///< in front of the current one: whose turn is last
    Control* woken_ = nullptr;    ///< not in the ring yet, in the order in which they were woken; used masked
    Control* woken_last_ = nullptr;
    Timers timers_;
    Control* worker_ = nullptr;
    Control* ended_ = nullptr;  ///< and detached
    Threads threads_;
    const platform::Interrupts::State open_;
    bool stopped_ = false;  ///< the request was seen
    Control main_;
};

/// Whether the boot step has run: signals and interrupts can come before.
bool started() noexcept;

/// The image's, from the boot step on.
Scheduler& scheduler() noexcept;

}  // namespace unicore::sched::threads
