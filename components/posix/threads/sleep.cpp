// SPDX-License-Identifier: BSD-3-Clause
// Sleeping as a cancellation point, in the place of the C library's. A request to stop the image ends it with EINTR.
// [POSIX.1-2017, clock_nanosleep]
#include "deadline.hpp"
#include "record.hpp"
#include "timer.hpp"

#include <unicore/base/result.hpp>

#include <algorithm>

#include <errno.h>

using namespace unicore;
using namespace unicore::posix::threads;

namespace {

/// Returns an errno, or 0.
int sleep_until(time::Instant deadline) noexcept {
    Record& self = own();
    sched::WaitQueue queue;
    const auto never = [] { return false; };
    const Result<void> outcome = wait_cancellably(self, queue, never, deadline);
    if (outcome.error() == Error::timed_out) return 0;
    if (self.cancel_due()) leave_cancelled();
    return EINTR;
}

}  // namespace

namespace unicore::posix::threads {

/// The boot step. It is here so that every image has this clock_nanosleep rather than the C library's.
Result<void> start() noexcept {
    start_records();
    start_timers();
    return {};
}

}  // namespace unicore::posix::threads

extern "C" {

/// Errors: EINVAL for clocks and times that are none; EINTR with what is left.
int clock_nanosleep(clockid_t clock, int flags, const timespec* wanted, timespec* rest) {
    if (!known(clock) || !valid(*wanted)) return EINVAL;
    if ((flags & TIMER_ABSTIME) != 0) {
        const auto end = deadline(clock, *wanted);
        return end ? sleep_until(*end) : end.error();
    }
    if (wanted->tv_sec < 0) return EINVAL;
    const time::Instant end = after(duration(*wanted));
    const int error = sleep_until(end);
    if (error != 0 && rest != nullptr)
        *rest = to_timespec(std::max(end - time::Monotonic::now(), time::Duration::zero()));
    return error;
}

}  // extern "C"
