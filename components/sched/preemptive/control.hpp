// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "../threads/stack.hpp"

#include <unicore/arch/context.hpp>
#include <unicore/sched/locals.hpp>
#include <unicore/sched/mutex.hpp>
#include <unicore/sched/thread.hpp>
#include <unicore/time/clock.hpp>

#include <boost/intrusive/list.hpp>
#include <boost/intrusive/set.hpp>

namespace unicore::sched::threads {

namespace intrusive = boost::intrusive;

/// A thread. It lies at the end of its stack's pages, in front of it what it has of thread_local variables. Used masked,
/// but for what is its own.
struct Control {
    arch::Context context{};
    bool runnable = false;  ///< it runs, or stands in Scheduler::ready_
    bool token = false;     ///< it was woken since it last blocked
    bool ended = false;
    bool detached = false;
    Control* joiner = nullptr;  ///< who waits for its end
    unsigned held = 0;          ///< how often it holds preemption; its own
    locals::Locals locals{};

    unsigned priority = default_priority;  ///< its own, or that of who waits for it, if that is larger
    unsigned own_priority = default_priority;
    Parked* parked = nullptr;  ///< while it waits for a mutex
    Mutex* lent = nullptr;           ///< those that it has and others wait for: a list by Mutex::Lent::next

    const char* name = "main";
    void (*main)(void*) noexcept = nullptr;
    void* argument = nullptr;
    Stack stack{};

    /// While it is ready and does not run, in Scheduler::ready_.
    intrusive::list_member_hook<intrusive::link_mode<intrusive::safe_link>> ready_hook{};
    /// While it waits with a deadline, in Scheduler::timers_.
    time::Instant deadline = time::never;
    intrusive::set_member_hook<intrusive::link_mode<intrusive::safe_link>> timer_hook{};
    /// Until it ends, in Scheduler::threads_.
    intrusive::list_member_hook<intrusive::link_mode<intrusive::normal_link>> threads_hook{};

    friend bool operator<(const Control& left, const Control& right) noexcept { return left.deadline < right.deadline; }
};

}  // namespace unicore::sched::threads
