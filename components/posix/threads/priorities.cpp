// SPDX-License-Identifier: BSD-3-Clause
// Policies and priorities, as far as there are any. [POSIX.1-2017, pthread_getschedparam, pthread_setschedprio,
// sched_get_priority_max, sched_getscheduler, sched_yield]
#include "priorities.hpp"

#include <atomic>

#include <errno.h>
#include <unistd.h>

using namespace unicore;
using namespace unicore::posix::threads;

namespace {

constinit std::atomic<int> concurrency{0};

int fail(int error) noexcept {
    errno = error;
    return -1;
}

bool is_own_process(pid_t process) noexcept { return process == 0 || process == getpid(); }

/// With Records::mutex.
void give(Record& thread, Scheduling wanted) noexcept {
    thread.round_robin = wanted.policy == SCHED_RR;
    sched::set_priority(thread.sched_number, to_sched(wanted));
}

}  // namespace

Scheduling unicore::posix::threads::scheduling_of(const Record& thread) noexcept {
    if (!sched::has_priorities()) return {SCHED_OTHER, 0};
    const unsigned priority = sched::priority(thread.sched_number);
    if (thread.round_robin || priority != sched::default_priority) return {SCHED_RR, static_cast<int>(priority)};
    return {SCHED_OTHER, 0};
}

extern "C" {

/// Errors: ESRCH.
int pthread_getschedparam(pthread_t number, int* policy, sched_param* parameters) {
    const sched::Guard guard(records().mutex);
    const Record* const thread = records().find(number);
    if (thread == nullptr) return ESRCH;
    const Scheduling found = scheduling_of(*thread);
    *policy = found.policy;
    *parameters = {.sched_priority = found.priority};
    return 0;
}

/// Errors: ENOTSUP for policies that there are elsewhere; EINVAL for other policies and priorities; ESRCH.
int pthread_setschedparam(pthread_t number, int policy, const sched_param* parameters) {
    const Scheduling wanted{policy, parameters->sched_priority};
    const sched::Guard guard(records().mutex);
    Record* const thread = records().find(number);
    if (thread == nullptr) return ESRCH;
    if (const int error = check(wanted); error != 0) return error;
    give(*thread, wanted);
    return 0;
}

/// Of the policy that it has. Errors: EINVAL; ESRCH.
int pthread_setschedprio(pthread_t number, int priority) {
    const sched::Guard guard(records().mutex);
    Record* const thread = records().find(number);
    if (thread == nullptr) return ESRCH;
    const Scheduling wanted{scheduling_of(*thread).policy, priority};
    if (check(wanted) != 0) return EINVAL;
    give(*thread, wanted);
    return 0;
}

/// A wish that nobody has to hear.
int pthread_setconcurrency(int level) {
    if (level < 0) return EINVAL;
    concurrency = level;
    return 0;
}
int pthread_getconcurrency() { return concurrency; }

int sched_yield() {
    sched::yield();
    return 0;
}
int pthread_yield() { return sched_yield(); }

/// Errors: EINVAL for policies that there are not.
int sched_get_priority_max(int policy) { return check_policy(policy) == 0 ? highest_priority(policy) : fail(EINVAL); }
int sched_get_priority_min(int policy) { return check_policy(policy) == 0 ? 0 : fail(EINVAL); }

/// These are about the thread that calls them, as for a process of one. Errors: ESRCH for other processes; EINVAL.
int sched_getscheduler(pid_t process) { return is_own_process(process) ? scheduling_of(own()).policy : fail(ESRCH); }
int sched_setscheduler(pid_t process, int policy, const sched_param* parameters) {
    if (!is_own_process(process)) return fail(ESRCH);
    const int before = scheduling_of(own()).policy;
    return pthread_setschedparam(pthread_self(), policy, parameters) == 0 ? before : fail(EINVAL);
}
int sched_getparam(pid_t process, sched_param* parameters) {
    if (!is_own_process(process)) return fail(ESRCH);
    *parameters = {.sched_priority = scheduling_of(own()).priority};
    return 0;
}
int sched_setparam(pid_t process, const sched_param* parameters) {
    if (!is_own_process(process)) return fail(ESRCH);
    return pthread_setschedprio(pthread_self(), parameters->sched_priority) == 0 ? 0 : fail(EINVAL);
}

}  // extern "C"
