// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "record.hpp"

#include <unicore/sched/thread.hpp>

#include <errno.h>
#include <sched.h>

namespace unicore::posix::threads {

/// A policy and a priority of it. SCHED_OTHER has one, which is sched's default. SCHED_RR is what a provider with
/// priorities does: those of one priority take turns. It has all of sched's. SCHED_FIFO would do without slices.
struct Scheduling {
    int policy;
    int priority;
};

/// 0; ENOTSUP for policies that there are elsewhere; EINVAL.
inline int check_policy(int policy) noexcept {
    if (policy == SCHED_OTHER || (policy == SCHED_RR && sched::has_priorities())) return 0;
    return policy == SCHED_FIFO || policy == SCHED_RR ? ENOTSUP : EINVAL;
}

/// From 0; of a policy that there is.
inline int highest_priority(int policy) noexcept {
    return policy == SCHED_RR ? static_cast<int>(sched::highest_priority) : 0;
}

/// As check_policy, and EINVAL for a priority that the policy has not.
inline int check(Scheduling wanted) noexcept {
    if (const int error = check_policy(wanted.policy); error != 0) return error;
    return wanted.priority >= 0 && wanted.priority <= highest_priority(wanted.policy) ? 0 : EINVAL;
}

inline unsigned to_sched(Scheduling scheduling) noexcept {
    return scheduling.policy == SCHED_RR ? static_cast<unsigned>(scheduling.priority) : sched::default_priority;
}

/// What the thread has, whoever gave it that. With Records::mutex, or of the thread that runs.
Scheduling scheduling_of(const Record& thread) noexcept;

}  // namespace unicore::posix::threads
