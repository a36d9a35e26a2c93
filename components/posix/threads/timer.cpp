// SPDX-License-Identifier: BSD-3-Clause
// [POSIX.1-2017, timer_create, timer_delete, timer_getoverrun, timer_settime]
#include "timer.hpp"

#include "deadline.hpp"

#include <unicore/base/late.hpp>
#include <unicore/memory/heap.hpp>

#include <expected>
#include <memory>

#include <errno.h>

namespace unicore::posix::threads {

namespace {

constinit Late<Timers> here;

int fail(int error) noexcept {
    errno = error;
    return -1;
}

/// What is left until it expires, 0 when it is not armed.
time::Duration left(Timer& timer, time::Instant now) noexcept {
    if (!timer.armed) return time::Duration::zero();
    if (timer.next > now) return timer.next - now;
    // Its thread has not come round yet, or it has none.
    if (timer.interval == time::Duration::zero()) return time::Duration::zero();
    return timer.interval - (now - timer.next) % timer.interval;
}

itimerspec setting(Timer& timer) noexcept {
    return {to_timespec(timer.interval), to_timespec(left(timer, time::Monotonic::now()))};
}

bool arms(const itimerspec& wanted) noexcept { return wanted.it_value.tv_sec != 0 || wanted.it_value.tv_nsec != 0; }

/// Errors: as timer_settime.
std::expected<time::Instant, int> first_expiration(const Timer& timer, int flags, const itimerspec& wanted) noexcept {
    if (!arms(wanted)) return time::never;
    const timespec &first = wanted.it_value, &interval = wanted.it_interval;
    if (!valid(first) || !valid(interval) || interval.tv_sec < 0) return std::unexpected(EINVAL);
    if ((flags & TIMER_ABSTIME) != 0) return deadline(timer.clock, first);
    if (first.tv_sec < 0) return std::unexpected(EINVAL);
    return after(duration(first));
}

void arm(Timer& timer, const itimerspec& wanted, time::Instant next) noexcept {
    timer.armed = arms(wanted);
    timer.next = next;
    timer.interval = timer.armed ? duration(wanted.it_interval) : time::Duration::zero();
    timer.changed.notify_one();
}

}  // namespace

void start_timers() noexcept { here.construct(); }

Timers& timers() noexcept { return *here; }

void Timers::add(Timer& timer) noexcept {
    do timer.number = ++last_;
    while (timer.number == 0 || !all_.insert(timer).second);
}

Timer* Timers::find(timer_t number) noexcept {
    const auto found = all_.find(number);
    return found != all_.end() ? &*found : nullptr;
}

Timer* make_timer() noexcept {
    const auto block = memory::heap::allocate(sizeof(Timer), alignof(Timer));
    return block ? std::construct_at(static_cast<Timer*>(*block)) : nullptr;
}

void release_timer(Timer& timer) noexcept {
    std::destroy_at(&timer);
    memory::heap::release(&timer);
}

}  // namespace unicore::posix::threads

using namespace unicore;
using namespace unicore::posix::threads;

extern "C" {

/// SIGEV_THREAD and SIGEV_NONE. Errors: EINVAL for clocks and events that are none; ENOTSUP for signals; EAGAIN without
/// memory.
int timer_create(clockid_t clock, sigevent* event, timer_t* out) {
    if (!known(clock)) return fail(EINVAL);
    if (event == nullptr || event->sigev_notify == SIGEV_SIGNAL) return fail(ENOTSUP);
    const bool notifies = event->sigev_notify == SIGEV_THREAD;
    if (!notifies && event->sigev_notify != SIGEV_NONE) return fail(EINVAL);
    if (notifies && event->sigev_notify_function == nullptr) return fail(EINVAL);
    Timer* const timer = make_timer();
    if (timer == nullptr) return fail(EAGAIN);
    timer->clock = clock;
    if (notifies) {
        timer->function = event->sigev_notify_function;
        timer->value = event->sigev_value;
        if (const int error = start_thread(*timer, event->sigev_notify_attributes); error != 0) {
            release_timer(*timer);
            return fail(error);
        }
    }
    const sched::Guard guard(timers().mutex);
    timers().add(*timer);
    *out = timer->number;
    return 0;
}

/// A notification that has begun comes to its end. Errors: EINVAL.
int timer_delete(timer_t number) {
    Timer* timer;
    {
        const sched::Guard guard(timers().mutex);
        timer = timers().find(number);
        if (timer == nullptr) return fail(EINVAL);
        timers().remove(*timer);
        if (timer->function != nullptr) {
            timer->deleted = true;
            timer->changed.notify_one();
            return 0;
        }
    }
    release_timer(*timer);
    return 0;
}

/// Errors: EINVAL.
int timer_settime(timer_t number, int flags, const itimerspec* wanted, itimerspec* before) {
    int error = 0;
    {
        const sched::Guard guard(timers().mutex);
        Timer* const timer = timers().find(number);
        const auto next = timer != nullptr ? first_expiration(*timer, flags, *wanted) : std::unexpected(EINVAL);
        if (next) {
            if (before != nullptr) *before = setting(*timer);
            arm(*timer, *wanted, *next);
        } else {
            error = next.error();
        }
    }
    return error != 0 ? fail(error) : 0;
}

/// Errors: EINVAL.
int timer_gettime(timer_t number, itimerspec* out) {
    {
        const sched::Guard guard(timers().mutex);
        if (Timer* const timer = timers().find(number); timer != nullptr) {
            *out = setting(*timer);
            return 0;
        }
    }
    return fail(EINVAL);
}

/// Errors: EINVAL.
int timer_getoverrun(timer_t number) {
    {
        const sched::Guard guard(timers().mutex);
        if (const Timer* const timer = timers().find(number); timer != nullptr) return timer->overruns;
    }
    return fail(EINVAL);
}

}  // extern "C"
