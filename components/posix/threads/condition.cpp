// SPDX-License-Identifier: BSD-3-Clause
// Condition variables. [POSIX.1-2017, pthread_cond_init, pthread_cond_timedwait, pthread_cond_broadcast,
// pthread_condattr_getclock; POSIX.1-2024, pthread_cond_clockwait]
#include "attribute.hpp"
#include "deadline.hpp"
#include "mutex.hpp"
#include "record.hpp"

#include <memory>
#include <utility>

using namespace unicore;
using namespace unicore::posix::threads;

namespace {

struct Condition {
    int clock;  ///< 0: CLOCK_REALTIME
    ParkedList waiters;
};

/// Gives the mutex up for the time of the wait, however often it is locked. A thread that is cancelled has it again
/// when its handlers run.
int wait_until(pthread_cond_t* object, pthread_mutex_t* lock, time::Instant deadline) noexcept {
    auto& mutex = of<Mutex>(lock);
    if (!mutex.mutex.held()) return EPERM;
    Record& self = own();
    Wait wait;
    bool begun;
    {
        const MaskGuard masked;
        begun = begin_wait(self, wait, of<Condition>(object).waiters);
    }
    if (!begun) leave_cancelled();
    const unsigned depth = std::exchange(mutex.depth, 0);
    mutex.mutex.unlock();
    const Outcome outcome = finish_wait(self, wait, deadline);
    mutex.mutex.lock();
    mutex.depth = depth;
    if (outcome == Outcome::cancelled) leave_cancelled();
    return outcome == Outcome::timed_out ? ETIMEDOUT : 0;
}

}  // namespace

extern "C" {

int pthread_cond_init(pthread_cond_t* object, const pthread_condattr_t* attributes) {
    std::construct_at(&of<Condition>(object))->clock = attributes != nullptr ? attributes->_clock : 0;
    return 0;
}

/// Errors: EBUSY while threads wait.
int pthread_cond_destroy(pthread_cond_t* object) {
    const MaskGuard masked;
    return of<Condition>(object).waiters.empty() ? 0 : EBUSY;
}

/// Errors: EPERM unless the thread has the mutex. A cancellation point.
int pthread_cond_wait(pthread_cond_t* object, pthread_mutex_t* mutex) { return wait_until(object, mutex, time::never); }

/// Errors: the same; EINVAL for clocks and times that are none; ETIMEDOUT.
int pthread_cond_clockwait(pthread_cond_t* object, pthread_mutex_t* mutex, clockid_t clock, const timespec* time) {
    const auto end = deadline(clock, *time);
    return end ? wait_until(object, mutex, *end) : end.error();
}

int pthread_cond_timedwait(pthread_cond_t* object, pthread_mutex_t* mutex, const timespec* time) {
    const int clock = of<Condition>(object).clock;
    return pthread_cond_clockwait(object, mutex, clock != 0 ? static_cast<clockid_t>(clock) : CLOCK_REALTIME, time);
}

int pthread_cond_signal(pthread_cond_t* object) {
    const HandingGuard masked;
    hand_to_next(of<Condition>(object).waiters);
    return 0;
}

int pthread_cond_broadcast(pthread_cond_t* object) {
    const HandingGuard masked;
    hand_to_all(of<Condition>(object).waiters);
    return 0;
}

int pthread_condattr_init(pthread_condattr_t* attributes) {
    *attributes = {};
    return 0;
}
int pthread_condattr_destroy(pthread_condattr_t*) { return 0; }

/// Errors: EINVAL for other clocks than CLOCK_REALTIME and CLOCK_MONOTONIC.
int pthread_condattr_setclock(pthread_condattr_t* attributes, clockid_t clock) {
    return set(attributes->_clock, static_cast<int>(clock), known(clock));
}
int pthread_condattr_getclock(const pthread_condattr_t* attributes, clockid_t* clock) {
    *clock = attributes->_clock != 0 ? static_cast<clockid_t>(attributes->_clock) : CLOCK_REALTIME;
    return 0;
}

int pthread_condattr_setpshared(pthread_condattr_t* attributes, int shared) {
    return set_shared(attributes->_shared, shared);
}
int pthread_condattr_getpshared(const pthread_condattr_t* attributes, int* shared) {
    *shared = attributes->_shared;
    return 0;
}

}  // extern "C"
