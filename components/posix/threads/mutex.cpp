// SPDX-License-Identifier: BSD-3-Clause
// Mutexes and their attributes. [POSIX.1-2017, pthread_mutex_init, pthread_mutex_lock, pthread_mutex_timedlock,
// pthread_mutexattr_gettype, pthread_mutexattr_getprotocol, pthread_mutexattr_getrobust]
#include "mutex.hpp"

#include "attribute.hpp"
#include "deadline.hpp"

#include <unicore/sched/thread.hpp>

#include <limits>
#include <memory>

#include <errno.h>

using namespace unicore;
using namespace unicore::posix::threads;

namespace {

/// Nobody unlocks it meanwhile. [POSIX.1-2017, pthread_mutex_lock: a normal mutex deadlocks]
int wait_in_vain(time::Instant deadline) noexcept {
    ParkedList nobody;
    Parked self;
    {
        const MaskGuard masked;
        nobody.push(self);
    }
    wait_in(nobody, self, deadline);
    return ETIMEDOUT;
}

/// Of a mutex that the thread has.
int lock_again(Mutex& mutex, time::Instant deadline) noexcept {
    if (mutex.kind == PTHREAD_MUTEX_ERRORCHECK) return EDEADLK;
    if (mutex.kind != PTHREAD_MUTEX_RECURSIVE) {
        // Of the default kind it is a mistake, which sched's names.
        if (mutex.kind == PTHREAD_MUTEX_DEFAULT && deadline == time::never) mutex.mutex.lock();
        return wait_in_vain(deadline);
    }
    if (mutex.depth == std::numeric_limits<unsigned>::max()) return EAGAIN;
    ++mutex.depth;
    return 0;
}

int lock_until(Mutex& mutex, time::Instant deadline) noexcept {
    if (mutex.mutex.held()) return lock_again(mutex, deadline);
    return mutex.mutex.lock_until(deadline) ? 0 : ETIMEDOUT;
}

}  // namespace

extern "C" {

int pthread_mutex_init(pthread_mutex_t* object, const pthread_mutexattr_t* attributes) {
    std::construct_at(&of<Mutex>(object))->kind = attributes != nullptr ? attributes->_kind : PTHREAD_MUTEX_DEFAULT;
    return 0;
}

/// Errors: EBUSY while it is locked.
int pthread_mutex_destroy(pthread_mutex_t* object) {
    auto& mutex = of<Mutex>(object).mutex;
    if (!mutex.try_lock()) return EBUSY;
    mutex.unlock();
    return 0;
}

/// Errors: EDEADLK and EAGAIN of kinds that say so.
int pthread_mutex_lock(pthread_mutex_t* object) {
    auto& mutex = of<Mutex>(object);
    return mutex.mutex.try_lock() ? 0 : lock_until(mutex, time::never);
}

/// Errors: EBUSY; EAGAIN.
int pthread_mutex_trylock(pthread_mutex_t* object) {
    auto& mutex = of<Mutex>(object);
    if (mutex.mutex.try_lock()) return 0;
    return mutex.kind == PTHREAD_MUTEX_RECURSIVE && mutex.mutex.held() ? lock_again(mutex, time::never) : EBUSY;
}

/// Errors: as pthread_mutex_lock; ETIMEDOUT; EINVAL for clocks and times that are none, where it would have to wait.
int pthread_mutex_clocklock(pthread_mutex_t* object, clockid_t clock, const timespec* time) {
    auto& mutex = of<Mutex>(object);
    if (mutex.mutex.try_lock()) return 0;
    const auto end = deadline(clock, *time);
    return end ? lock_until(mutex, *end) : end.error();
}

int pthread_mutex_timedlock(pthread_mutex_t* object, const timespec* time) {
    return pthread_mutex_clocklock(object, CLOCK_REALTIME, time);
}

/// Errors: EPERM unless the thread has it, whatever its kind.
int pthread_mutex_unlock(pthread_mutex_t* object) {
    auto& mutex = of<Mutex>(object);
    if (!mutex.mutex.held()) return EPERM;
    if (mutex.depth != 0) --mutex.depth;
    else mutex.mutex.unlock();
    return 0;
}

/// EINVAL: none is robust.
int pthread_mutex_consistent(pthread_mutex_t*) { return EINVAL; }

/// EINVAL: none has a ceiling.
int pthread_mutex_getprioceiling(const pthread_mutex_t*, int*) { return EINVAL; }
int pthread_mutex_setprioceiling(pthread_mutex_t*, int, int*) { return EINVAL; }

int pthread_mutexattr_init(pthread_mutexattr_t* attributes) {
    *attributes = {};
    return 0;
}
int pthread_mutexattr_destroy(pthread_mutexattr_t*) { return 0; }

int pthread_mutexattr_settype(pthread_mutexattr_t* attributes, int kind) {
    return set(attributes->_kind, kind, kind >= PTHREAD_MUTEX_DEFAULT && kind <= PTHREAD_MUTEX_RECURSIVE);
}
int pthread_mutexattr_gettype(const pthread_mutexattr_t* attributes, int* kind) {
    *kind = attributes->_kind;
    return 0;
}

int pthread_mutexattr_setpshared(pthread_mutexattr_t* attributes, int shared) {
    return set_shared(attributes->_shared, shared);
}
int pthread_mutexattr_getpshared(const pthread_mutexattr_t* attributes, int* shared) {
    *shared = attributes->_shared;
    return 0;
}

/// PTHREAD_PRIO_INHERIT is what all mutexes of a provider with priorities do. Errors: ENOTSUP for what sched does not
/// do; EINVAL.
int pthread_mutexattr_setprotocol(pthread_mutexattr_t* attributes, int protocol) {
    const bool inherits = protocol == PTHREAD_PRIO_INHERIT && sched::has_priorities();
    if (inherits || protocol == PTHREAD_PRIO_NONE) return set(attributes->_protocol, protocol, true);
    return protocol == PTHREAD_PRIO_INHERIT || protocol == PTHREAD_PRIO_PROTECT ? ENOTSUP : EINVAL;
}
int pthread_mutexattr_getprotocol(const pthread_mutexattr_t* attributes, int* protocol) {
    *protocol = attributes->_protocol;
    return 0;
}
int pthread_mutexattr_setprioceiling(pthread_mutexattr_t*, int) { return ENOTSUP; }
int pthread_mutexattr_getprioceiling(const pthread_mutexattr_t*, int*) { return ENOTSUP; }

/// Errors: ENOTSUP for PTHREAD_MUTEX_ROBUST; EINVAL.
int pthread_mutexattr_setrobust(pthread_mutexattr_t*, int robust) {
    if (robust == PTHREAD_MUTEX_STALLED) return 0;
    return robust == PTHREAD_MUTEX_ROBUST ? ENOTSUP : EINVAL;
}
int pthread_mutexattr_getrobust(const pthread_mutexattr_t*, int* robust) {
    *robust = PTHREAD_MUTEX_STALLED;
    return 0;
}

}  // extern "C"
