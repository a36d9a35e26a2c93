// SPDX-License-Identifier: BSD-3-Clause
// Semaphores. What is posted is handed to who waits longest.
// [POSIX.1-2017, sem_init, sem_wait, sem_timedwait, sem_post; POSIX.1-2024, sem_clockwait]
#include "deadline.hpp"
#include "record.hpp"

#include <memory>

#include <errno.h>
#include <semaphore.h>

using namespace unicore;
using namespace unicore::posix::threads;

namespace {

struct Semaphore {
    unsigned value;  ///< changed masked
    ParkedList waiters;

    bool take() noexcept {
        const MaskGuard masked;
        if (value == 0) return false;
        --value;
        return true;
    }
};

int fail(int error) noexcept {
    errno = error;
    return -1;
}

int wait_until(Semaphore& semaphore, time::Instant deadline) noexcept {
    Record& self = own();
    Wait wait;
    bool begun;
    {
        const MaskGuard masked;
        if (semaphore.take()) return 0;
        begun = begin_wait(self, wait, semaphore.waiters);
    }
    const Outcome outcome = begun ? finish_wait(self, wait, deadline) : Outcome::cancelled;
    if (outcome == Outcome::cancelled) leave_cancelled();
    return outcome == Outcome::timed_out ? fail(ETIMEDOUT) : 0;
}

}  // namespace

extern "C" {

/// Errors: EINVAL above SEM_VALUE_MAX.
int sem_init(sem_t* object, int, unsigned value) {
    if (value > SEM_VALUE_MAX) return fail(EINVAL);
    std::construct_at(&of<Semaphore>(object))->value = value;
    return 0;
}

/// Errors: EBUSY while threads wait.
int sem_destroy(sem_t* object) {
    const MaskGuard masked;
    return of<Semaphore>(object).waiters.empty() ? 0 : fail(EBUSY);
}

/// A cancellation point. No signal and no stop request ends it.
int sem_wait(sem_t* object) {
    pthread_testcancel();
    return wait_until(of<Semaphore>(object), time::never);
}

/// Errors: EAGAIN.
int sem_trywait(sem_t* object) { return of<Semaphore>(object).take() ? 0 : fail(EAGAIN); }

/// Errors: ETIMEDOUT; EINVAL for clocks and times that are none, where it would have to wait.
int sem_clockwait(sem_t* object, clockid_t clock, const timespec* time) {
    pthread_testcancel();
    if (of<Semaphore>(object).take()) return 0;
    const auto end = deadline(clock, *time);
    return end ? wait_until(of<Semaphore>(object), *end) : fail(end.error());
}

int sem_timedwait(sem_t* object, const timespec* time) { return sem_clockwait(object, CLOCK_REALTIME, time); }

/// Errors: EOVERFLOW.
int sem_post(sem_t* object) {
    auto& semaphore = of<Semaphore>(object);
    {
        const HandingGuard masked;
        if (hand_to_next(semaphore.waiters)) return 0;
        if (semaphore.value != SEM_VALUE_MAX) {
            ++semaphore.value;
            return 0;
        }
    }
    return fail(EOVERFLOW);
}

/// 0 while threads wait.
int sem_getvalue(sem_t* object, int* value) {
    *value = static_cast<int>(of<Semaphore>(object).value);
    return 0;
}

}  // extern "C"
