// SPDX-License-Identifier: BSD-3-Clause
// Attributes of threads. [POSIX.1-2017, pthread_attr_init, pthread_attr_getstacksize, pthread_attr_getguardsize]
#include "attribute.hpp"
#include "priorities.hpp"

#include <unicore/base/units.hpp>
#include <unicore/posix/threads/config.hpp>

using namespace unicore;
using namespace unicore::posix::threads;

extern "C" {

int pthread_attr_init(pthread_attr_t* attributes) {
    *attributes = {};
    attributes->_stack_size = config::stack_size;
    attributes->_guard_size = page_size;
    return 0;
}
int pthread_attr_destroy(pthread_attr_t*) { return 0; }

int pthread_attr_setdetachstate(pthread_attr_t* attributes, int state) {
    return set(attributes->_detached, state, state == PTHREAD_CREATE_JOINABLE || state == PTHREAD_CREATE_DETACHED);
}
int pthread_attr_getdetachstate(const pthread_attr_t* attributes, int* state) {
    *state = attributes->_detached;
    return 0;
}

/// A thread as it is now, with where its stack lies. Errors: ESRCH.
int pthread_getattr_np(pthread_t number, pthread_attr_t* attributes) {
    const sched::Guard guard(records().mutex);
    const Record* const thread = records().find(number);
    if (thread == nullptr) return ESRCH;
    const MemoryRange stack = sched::stack(thread->sched_number);
    const Scheduling scheduling = scheduling_of(*thread);
    *attributes = {};
    attributes->_stack = reinterpret_cast<void*>(stack.base);
    attributes->_stack_size = stack.size;
    attributes->_guard_size = page_size;
    attributes->_detached = thread->detached ? PTHREAD_CREATE_DETACHED : PTHREAD_CREATE_JOINABLE;
    attributes->_policy = scheduling.policy;
    attributes->_parameters.sched_priority = scheduling.priority;
    return 0;
}

/// Its lowest address and its size; null unless it is a thread's that runs.
int pthread_attr_getstack(const pthread_attr_t* attributes, void** stack, size_t* size) {
    *stack = attributes->_stack;
    *size = attributes->_stack_size;
    return 0;
}

/// Errors: EINVAL below PTHREAD_STACK_MIN.
int pthread_attr_setstacksize(pthread_attr_t* attributes, size_t size) {
    return set(attributes->_stack_size, size, size >= PTHREAD_STACK_MIN);
}
int pthread_attr_getstacksize(const pthread_attr_t* attributes, size_t* size) {
    *size = attributes->_stack_size;
    return 0;
}

/// Kept, and that is all: whether there is a guard is sched's matter.
int pthread_attr_setguardsize(pthread_attr_t* attributes, size_t size) {
    return set(attributes->_guard_size, size, true);
}
int pthread_attr_getguardsize(const pthread_attr_t* attributes, size_t* size) {
    *size = attributes->_guard_size;
    return 0;
}

int pthread_attr_setinheritsched(pthread_attr_t* attributes, int inherits) {
    return set(attributes->_inherits, inherits,
               inherits == PTHREAD_INHERIT_SCHED || inherits == PTHREAD_EXPLICIT_SCHED);
}
int pthread_attr_getinheritsched(const pthread_attr_t* attributes, int* inherits) {
    *inherits = attributes->_inherits;
    return 0;
}

/// Errors: ENOTSUP for policies that there are elsewhere; EINVAL.
int pthread_attr_setschedpolicy(pthread_attr_t* attributes, int policy) {
    const int error = check_policy(policy);
    return error != 0 ? error : set(attributes->_policy, policy, true);
}
int pthread_attr_getschedpolicy(const pthread_attr_t* attributes, int* policy) {
    *policy = attributes->_policy;
    return 0;
}

/// Errors: ENOTSUP for priorities that no policy has. Whether its policy has it, pthread_create says.
int pthread_attr_setschedparam(pthread_attr_t* attributes, const sched_param* parameters) {
    const int most = sched::has_priorities() ? highest_priority(SCHED_RR) : highest_priority(SCHED_OTHER);
    if (parameters->sched_priority < 0 || parameters->sched_priority > most) return ENOTSUP;
    attributes->_parameters = *parameters;
    return 0;
}
int pthread_attr_getschedparam(const pthread_attr_t* attributes, sched_param* parameters) {
    *parameters = attributes->_parameters;
    return 0;
}

/// Errors: ENOTSUP for PTHREAD_SCOPE_PROCESS; EINVAL.
int pthread_attr_setscope(pthread_attr_t* attributes, int scope) {
    if (scope == PTHREAD_SCOPE_PROCESS) return ENOTSUP;
    return set(attributes->_scope, scope, scope == PTHREAD_SCOPE_SYSTEM);
}
int pthread_attr_getscope(const pthread_attr_t* attributes, int* scope) {
    *scope = attributes->_scope;
    return 0;
}

}  // extern "C"
