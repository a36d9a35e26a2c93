// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "control.hpp"

#include <unicore/platform/interrupts.hpp>

#include <array>
#include <cstddef>
#include <cstdint>

namespace unicore::sched::threads {

/// Who runs, who could, who waits for what. Threads and interrupts use it, masked.
class Scheduler {
public:
    /// Sets up clock and timer, which may open the mask and wait the first time: nothing else here expects that.
    static void prepare() noexcept;
    Scheduler() noexcept;
    /// When it can be interrupted, on the first thread's stack.
    void start() noexcept { platform::Interrupts::open(); }

    Control& current() noexcept { return *current_; }
    bool in_first() const noexcept { return current_ == &main_; }

    /// Has `thread` look again at what it waits for: a token, which the end of its wait takes. Masked.
    void wake(Control& thread) noexcept;
    /// After a wake-up: goes on with a thread that goes before this one, unless the mask is closed; the end of the
    /// interrupt, or a later look, does it then.
    void settle() noexcept {
        if (wanted_) [[unlikely]] give_way();
    }

    /// The image is to stop, as threads will see. Context: any.
    void alert() noexcept { wanted_ = true; }

    /// Lets others of this priority run, and those above.
    void yield() noexcept;

    /// Lets others run, until it is woken or the deadline has passed; both may have been before.
    void block(time::Instant deadline) noexcept;

    /// Adds a thread that is prepared, behind all of its priority.
    void add(Control& thread, unsigned priority) noexcept;
    /// What a thread does first.
    void begin() noexcept;
    /// Ends the one that runs.
    [[noreturn]] void end_current() noexcept;
    /// Gives back stacks of threads that ended and nobody joins.
    void reap() noexcept;

    static unsigned priority(const Control& thread) noexcept { return thread.own_priority; }
    void set_priority(Control& thread, unsigned priority) noexcept;
    /// Gives a thread the largest priority of its own and of those that wait for it. Masked.
    void inherit(Control& thread) noexcept;

    /// Who does the work that there is.
    void set_worker(Control& thread) noexcept { worker_ = &thread; }
    Control* worker() noexcept { return worker_; }

    /// When an interrupt has been handled, on the stack of the thread that it interrupted. Masked.
    void interrupted() noexcept;
    void hold() noexcept { ++current_->held; }
    void allow() noexcept {
        if (--current_->held == 0) settle();
    }

    /// What a stack has room for besides what was asked for, in bytes: an interrupt, or a signal's frame, with what it
    /// calls and the registers that it keeps.
    static constexpr std::size_t stack_room = 6 * 1024;

private:
    using Ready =
        intrusive::list<Control, intrusive::member_hook<Control, decltype(Control::ready_hook), &Control::ready_hook>,
                        intrusive::constant_time_size<false>>;
    using Timers =
        intrusive::multiset<Control, intrusive::member_hook<Control, decltype(Control::timer_hook), &Control::timer_hook>,
                            intrusive::constant_time_size<false>>;
    using Threads =
        intrusive::list<Control, intrusive::member_hook<Control, decltype(Control::threads_hook), &Control::threads_hook>,
                        intrusive::constant_time_size<false>>;

    bool any_ready() const noexcept { return levels_ != 0; }
    unsigned highest() const noexcept;
    void make_ready(Control& thread, bool in_front = false) noexcept;
    void take_from_ready(Control& thread) noexcept;
    Control& take_next() noexcept;
    void go_on(Control& self, Control& next) noexcept;
    void go_on_willingly(Control& self) noexcept;
    void look_round() noexcept;
    void expire(time::Instant now) noexcept;
    void tick(time::Instant now) noexcept;
    void program() noexcept;
    void give_way() noexcept;
    void wait_for_any() noexcept;
    void change_priority(Control& thread, unsigned priority) noexcept;

    static constexpr time::Duration slice = std::chrono::milliseconds(10);

    Control* current_ = &main_;
    std::uint32_t levels_ = 0;  ///< bit n: ready_[n] is not empty
    std::array<Ready, highest_priority + 1> ready_;
    bool wanted_ = false;  ///< somebody may go before the current one
    bool idle_ = false;    ///< the current one halts the CPU, since there is nothing else to do
    bool overdue_ = false;  ///< the current one has had its slice
    bool stopped_ = false;  ///< the request was seen

    Timers timers_;
    time::Instant programmed_ = time::never;  ///< what the timer is set to
    time::Instant early_ = time::never;       ///< when it may have gone off, since timers are not exact
    time::Instant next_tick_ = time::never;   ///< while others are ready
    std::uint32_t switches_ = 0, switches_at_tick_ = 0;

    Control* worker_ = nullptr;
    Control* ended_ = nullptr;  ///< and detached
    Threads threads_;
    Control main_;
};

/// Whether the boot step has run: signals and interrupts can come before.
bool started() noexcept;

/// The image's, from the boot step on.
Scheduler& scheduler() noexcept;

}  // namespace unicore::sched::threads
