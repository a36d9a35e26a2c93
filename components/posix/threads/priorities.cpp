// SPDX-License-Identifier: BSD-3-Clause
// Policies and priorities, as far as there are any. [POSIX.1-2017, pthread_getschedparam, pthread_setschedprio,
// sched_get_priority_max, sched_getscheduler, sched_yield]
#include "priorities.hpp"

#include "record.hpp"

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

bool exists(pthread_t number) noexcept {
    const sched::Guard guard(records().mutex);
    return records().find(number) != nullptr;
}

}  // namespace

extern "C" {

/// Errors: ESRCH.
int pthread_getschedparam(pthread_t number, int* policy, sched_param* parameters) {
    if (!exists(number)) return ESRCH;
    *policy = SCHED_OTHER;
    *parameters = {.sched_priority = only_priority};
    return 0;
}

/// Errors: ENOTSUP for policies that there are elsewhere; EINVAL for other policies and priorities; ESRCH.
int pthread_setschedparam(pthread_t number, int policy, const sched_param* parameters) {
    if (!exists(number)) return ESRCH;
    if (const int error = check_policy(policy); error != 0) return error;
    return has_priority(parameters->sched_priority) ? 0 : EINVAL;
}

int pthread_setschedprio(pthread_t number, int priority) {
    if (!exists(number)) return ESRCH;
    return has_priority(priority) ? 0 : EINVAL;
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
int sched_get_priority_max(int policy) { return check_policy(policy) == 0 ? only_priority : fail(EINVAL); }
int sched_get_priority_min(int policy) { return check_policy(policy) == 0 ? only_priority : fail(EINVAL); }

/// Errors of these: ESRCH for other processes; EINVAL.
int sched_getscheduler(pid_t process) { return is_own_process(process) ? SCHED_OTHER : fail(ESRCH); }
int sched_setscheduler(pid_t process, int policy, const sched_param* parameters) {
    if (!is_own_process(process)) return fail(ESRCH);
    if (check_policy(policy) != 0 || !has_priority(parameters->sched_priority)) return fail(EINVAL);
    return SCHED_OTHER;
}
int sched_getparam(pid_t process, sched_param* parameters) {
    if (!is_own_process(process)) return fail(ESRCH);
    *parameters = {.sched_priority = only_priority};
    return 0;
}
int sched_setparam(pid_t process, const sched_param* parameters) {
    return sched_setscheduler(process, SCHED_OTHER, parameters) == SCHED_OTHER ? 0 : -1;
}

}  // extern "C"
