// SPDX-License-Identifier: BSD-3-Clause
// The date, and time that only goes forward. [ISO C17, 7.27.2; POSIX.1-2017, clock_getres, gettimeofday, times]
#include "reent.hpp"

#include <unicore/base/chrono.hpp>
#include <unicore/time/clock.hpp>
#include <unicore/time/wall.hpp>

#include <sys/time.h>
#include <sys/times.h>
#include <time.h>

using namespace unicore;
using libc::newlib::fail;

namespace {

/// Nanoseconds as a struct that has seconds, rounded down, and a fraction in units of `Unit`.
template <typename Unit, typename Time, typename Fraction>
Time split(time::Duration since, Fraction Time::*fraction) noexcept {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(since);
    Time result{};
    result.tv_sec = seconds.count();
    result.*fraction = static_cast<Fraction>(std::chrono::duration_cast<Unit>(since - seconds).count());
    return result;
}

bool known(clockid_t clock) noexcept { return clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC; }

}  // namespace

extern "C" {

int _gettimeofday_r(_reent*, timeval* out, void*) {
    *out = split<std::chrono::microseconds>(time::wall::date_or_uptime().time_since_epoch(), &timeval::tv_usec);
    return 0;
}

/// CLOCK_REALTIME and CLOCK_MONOTONIC. Errors: EINVAL for others.
int clock_gettime(clockid_t clock, timespec* out) {
    if (!known(clock)) return fail(_REENT, EINVAL);
    const time::Duration since = clock == CLOCK_REALTIME ? time::wall::date_or_uptime().time_since_epoch()
                                                         : time::Monotonic::now().time_since_epoch();
    *out = split<std::chrono::nanoseconds>(since, &timespec::tv_nsec);
    return 0;
}

/// The unit in which time is told, whatever the machine's clock is able to.
int clock_getres(clockid_t clock, timespec* out) {
    if (!known(clock)) return fail(_REENT, EINVAL);
    if (out != nullptr) *out = {0, 1};
    return 0;
}

/// Nobody may: the date is the machine's.
int clock_settime(clockid_t clock, const timespec*) { return fail(_REENT, clock == CLOCK_REALTIME ? EPERM : EINVAL); }

/// All of an image's time is user time.
clock_t _times_r(_reent*, tms* out) {
    using Ticks = std::chrono::duration<std::int64_t, std::ratio<1, CLOCKS_PER_SEC>>;
    const auto since = time::Monotonic::now().time_since_epoch();
    const auto ticks = static_cast<clock_t>(std::chrono::duration_cast<Ticks>(since).count());
    *out = {ticks, 0, 0, 0};
    return ticks;
}

clock_t times(tms* out) { return _times_r(_REENT, out); }

}  // extern "C"
