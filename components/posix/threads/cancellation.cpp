// SPDX-License-Identifier: BSD-3-Clause
// Cancellation happens where a thread waits or asks. [POSIX.1-2017, XSH 2.9.5; pthread_cancel, pthread_cleanup_pop,
// pthread_setcancelstate]
#include "record.hpp"

#include <unicore/libc/cancellation.hpp>

#include <errno.h>

namespace unicore::posix::threads {

void leave_cancelled() noexcept { leave(PTHREAD_CANCELED); }

Result<void> wait_cancellably(Record& self, sched::WaitQueue& queue, sched::Predicate condition,
                              time::Instant deadline) noexcept {
    const auto sleeps_in = [&](sched::WaitQueue* where) {
        const MaskGuard masked;
        self.sleeping = where;
    };
    sleeps_in(&queue);
    const Result<void> outcome = queue.wait([&] { return self.cancel_due() || condition(); }, deadline);
    sleeps_in(nullptr);
    if (self.cancel_due()) return unexpected(Error::stopped);
    return outcome;
}

}  // namespace unicore::posix::threads

// In the place of the C library's own, which do nothing.
namespace unicore::libc::cancellation {

using posix::threads::own;
using posix::threads::Record;

void begin() noexcept {
    Record& self = own();
    if (self.cancel_due()) posix::threads::leave_cancelled();
    self.at_point = true;
}

Result<void> wait(sched::WaitQueue& queue, sched::Predicate condition, time::Instant deadline) noexcept {
    Record& self = own();
    return self.at_point ? wait_cancellably(self, queue, condition, deadline) : queue.wait(condition, deadline);
}

void end(bool interrupted) noexcept {
    Record& self = own();
    self.at_point = false;
    if (interrupted && self.cancel_due()) posix::threads::leave_cancelled();
}

}  // namespace unicore::libc::cancellation

using namespace unicore;
using namespace unicore::posix::threads;

extern "C" {

/// Errors: ESRCH for threads that are no more.
int pthread_cancel(pthread_t number) {
    const Record& self = own();
    {
        const sched::Guard guard(records().mutex);
        Record* const thread = records().find(number);
        if (thread == nullptr) return ESRCH;
        if (!thread->ended) thread->cancel();
    }
    if (number == self.number && self.cancel_asynchronous) pthread_testcancel();
    return 0;
}

void pthread_testcancel() {
    if (own().cancel_due()) leave_cancelled();
}

/// Errors: EINVAL.
int pthread_setcancelstate(int state, int* before) {
    if (state != PTHREAD_CANCEL_ENABLE && state != PTHREAD_CANCEL_DISABLE) return EINVAL;
    Record& self = own();
    const bool enabled = self.cancel_enabled.exchange(state == PTHREAD_CANCEL_ENABLE);
    if (before != nullptr) *before = enabled ? PTHREAD_CANCEL_ENABLE : PTHREAD_CANCEL_DISABLE;
    if (self.cancel_asynchronous) pthread_testcancel();
    return 0;
}

/// Asynchronous: the thread also ends in this call and the one above. Errors: EINVAL.
int pthread_setcanceltype(int type, int* before) {
    if (type != PTHREAD_CANCEL_DEFERRED && type != PTHREAD_CANCEL_ASYNCHRONOUS) return EINVAL;
    Record& self = own();
    const bool asynchronous = self.cancel_asynchronous.exchange(type == PTHREAD_CANCEL_ASYNCHRONOUS);
    if (before != nullptr) *before = asynchronous ? PTHREAD_CANCEL_ASYNCHRONOUS : PTHREAD_CANCEL_DEFERRED;
    if (self.cancel_asynchronous) pthread_testcancel();
    return 0;
}

void _pthread_cleanup_push(_pthread_cleanup* cleanup, void (*routine)(void*), void* argument) {
    Record& self = own();
    *cleanup = {routine, argument, self.cleanups};
    self.cleanups = cleanup;
}

void _pthread_cleanup_pop(_pthread_cleanup* cleanup, int execute) {
    own().cleanups = cleanup->_next;
    if (execute != 0) cleanup->_routine(cleanup->_argument);
}

}  // extern "C"
