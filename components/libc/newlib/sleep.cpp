// SPDX-License-Identifier: BSD-3-Clause
// Sleeping, in which works run and interrupts are handled. A request to stop the image ends it with EINTR.
// [POSIX.1-2017, clock_nanosleep, nanosleep, sleep]
#include "reent.hpp"

#include <unicore/base/chrono.hpp>
#include <unicore/sched.hpp>
#include <unicore/time/clock.hpp>
#include <unicore/time/wall.hpp>

#include <algorithm>

#include <time.h>
#include <unistd.h>

using namespace unicore;
using libc::newlib::fail;
using libc::newlib::to_errno;

namespace {

constexpr std::int64_t most_seconds = std::int64_t{1} << 32;  // more than a century is for ever

bool valid(const timespec& time) noexcept {
    return time.tv_sec >= 0 && time.tv_nsec >= 0 && time.tv_nsec < 1'000'000'000;
}

time::Duration duration(const timespec& time) noexcept {
    const std::chrono::seconds seconds(std::min<std::int64_t>(time.tv_sec, most_seconds));
    return seconds + std::chrono::nanoseconds(time.tv_nsec);
}

/// What is left of a sleep that ended early.
timespec left(time::Instant deadline) noexcept {
    const auto rest = std::max(deadline - time::Monotonic::now(), time::Duration::zero());
    const auto seconds = std::chrono::floor<std::chrono::seconds>(rest);
    return {static_cast<time_t>(seconds.count()), static_cast<long>((rest - seconds).count())};
}

/// Sleeps; `rest` may be null. Returns an errno, or 0.
int sleep_for(time::Duration wanted, timespec* rest) noexcept {
    const auto deadline = time::Monotonic::now() + wanted;
    const auto slept = sched::sleep_until(deadline);
    if (slept) return 0;
    if (rest != nullptr) *rest = left(deadline);
    return to_errno(slept.error());
}

}  // namespace

extern "C" {

/// Returns its error and leaves errno as it is. Errors: EINVAL for clocks and times that are none; EINTR. All others
/// call it, and a component may have one of its own.
[[gnu::weak]] int clock_nanosleep(clockid_t clock, int flags, const timespec* wanted, timespec* rest) {
    if ((clock != CLOCK_MONOTONIC && clock != CLOCK_REALTIME) || !valid(*wanted)) return EINVAL;
    if ((flags & TIMER_ABSTIME) == 0) return sleep_for(duration(*wanted), rest);
    const time::Duration now = clock == CLOCK_REALTIME ? time::wall::date_or_uptime().time_since_epoch()
                                                       : time::Monotonic::now().time_since_epoch();
    return sleep_for(std::max(duration(*wanted) - now, time::Duration::zero()), nullptr);
}

/// Errors: EINVAL, EINTR with what is left in `rest`.
int nanosleep(const timespec* wanted, timespec* rest) {
    const int error = clock_nanosleep(CLOCK_MONOTONIC, 0, wanted, rest);
    return error == 0 ? 0 : fail(_REENT, error);
}

int usleep(useconds_t microseconds) {
    constexpr useconds_t second = 1'000'000;
    const timespec wanted{static_cast<time_t>(microseconds / second), static_cast<long>(microseconds % second) * 1000};
    return nanosleep(&wanted, nullptr);
}

/// Returns the seconds that are left, rounded up.
unsigned sleep(unsigned seconds) {
    const timespec wanted{static_cast<time_t>(seconds), 0};
    timespec rest{};
    if (clock_nanosleep(CLOCK_MONOTONIC, 0, &wanted, &rest) == 0) return 0;
    return static_cast<unsigned>(rest.tv_sec) + (rest.tv_nsec != 0);
}

}  // extern "C"
