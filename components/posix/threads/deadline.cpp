// SPDX-License-Identifier: BSD-3-Clause
// [POSIX.1-2017, XBD 4.16, XSH 2.8.5]
#include "deadline.hpp"

#include <unicore/base/chrono.hpp>
#include <unicore/time/wall.hpp>

#include <algorithm>

#include <errno.h>

namespace unicore::posix::threads {

namespace {

constexpr std::int64_t most_seconds = std::int64_t{1} << 33;  // more would not fit into nanoseconds

}  // namespace

bool valid(const timespec& time) noexcept { return time.tv_nsec >= 0 && time.tv_nsec < 1'000'000'000; }

bool known(clockid_t clock) noexcept { return clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC; }

time::Duration duration(const timespec& time) noexcept {
    const std::chrono::seconds seconds(std::clamp<std::int64_t>(time.tv_sec, -most_seconds / 8, most_seconds));
    return seconds + std::chrono::nanoseconds(time.tv_nsec);
}

timespec to_timespec(time::Duration duration) noexcept {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(duration);
    return {static_cast<time_t>(seconds.count()), static_cast<long>((duration - seconds).count())};
}

time::Instant after(time::Duration duration) noexcept {
    const time::Instant now = time::Monotonic::now();
    return duration < time::never - now ? now + duration : time::never;
}

std::expected<time::Instant, int> deadline(clockid_t clock, const timespec& time) noexcept {
    if (!known(clock) || !valid(time)) return std::unexpected(EINVAL);
    if (clock == CLOCK_MONOTONIC) return time::Instant(duration(time));
    return after(duration(time) - time::wall::date_or_uptime().time_since_epoch());
}

}  // namespace unicore::posix::threads
