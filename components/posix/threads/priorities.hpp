// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <errno.h>
#include <sched.h>

namespace unicore::posix::threads {

/// sched.thread has no priorities: what it does is SCHED_OTHER, with one.
inline constexpr int only_priority = 0;

/// 0; ENOTSUP for policies that there are elsewhere; EINVAL.
inline int check_policy(int policy) noexcept {
    if (policy == SCHED_OTHER) return 0;
    return policy == SCHED_FIFO || policy == SCHED_RR ? ENOTSUP : EINVAL;
}

inline bool has_priority(int priority) noexcept { return priority == only_priority; }

}  // namespace unicore::posix::threads
