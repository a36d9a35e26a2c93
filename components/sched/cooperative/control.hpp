// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "../threads/stack.hpp"

#include <unicore/arch/context.hpp>
#include <unicore/sched/locals.hpp>
#include <unicore/sched/thread.hpp>
#include <unicore/time/clock.hpp>

#include <boost/intrusive/list.hpp>
#include <boost/intrusive/set.hpp>

namespace unicore::sched::threads {

namespace intrusive = boost::intrusive;

/// A thread. It lies at the end of its stack's pages, in front of it what it has of thread_local variables.
struct Control {
    arch::Context context{};
    Control* next = nullptr;  ///< in the ring of those that can run, or among those that were woken
    bool in_ring = false;
    bool token = false;  ///< it was woken since it last blocked; both are changed masked
    bool ended = false;
    bool detached = false;
    Control* joiner = nullptr;  ///< who waits for its end
    locals::Locals locals{};

    unsigned priority = default_priority;  ///< of no effect

    const char* name = "main";
    void (*main)(void*) noexcept = nullptr;
    void* argument = nullptr;
    Stack stack{};

    /// While it waits with a deadline, in Scheduler::timers_.
    time::Instant deadline = time::never;
    intrusive::set_member_hook<intrusive::link_mode<intrusive::safe_link>> timer_hook{};
    /// Until it ends, in Scheduler::threads_.
    intrusive::list_member_hook<intrusive::link_mode<intrusive::normal_link>> threads_hook{};

    friend bool operator<(const Control& left, const Control& right) noexcept { return left.deadline < right.deadline; }
};

}  // namespace unicore::sched::threads
