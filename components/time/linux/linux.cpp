// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/base/panic.hpp>
#include <unicore/platform/linux/system_call.hpp>
#include <unicore/platform/linux/wait.hpp>
#include <unicore/time/clock.hpp>
#include <unicore/time/wall.hpp>

#include <limits>

namespace unicore::time {
using namespace std::string_view_literals;
namespace {

namespace linux = platform::linux;

enum class Clock : int { realtime = 0, monotonic = 1 };  // CLOCK_*

Result<linux::TimeSpec> read(Clock clock) noexcept {
    linux::TimeSpec time{};
    if (linux::failed(linux::system_call(linux::Call::clock_gettime, static_cast<int>(clock), &time)))
        return unexpected(Error::device_error);
    return time;
}

constexpr std::int64_t nanoseconds_per_second = 1'000'000'000;

}  // namespace

Instant Monotonic::now() noexcept {
    const auto time = read(Clock::monotonic);
    if (!time) panic("no monotonic clock"sv);
    return Instant(Duration(time->seconds * nanoseconds_per_second + time->nanoseconds));
}

void clock::idle_until(Instant deadline) noexcept { linux::unmask_and_wait_until(deadline.time_since_epoch()); }

void clock::interrupt_at(Instant deadline) noexcept { linux::alarm_at(deadline.time_since_epoch()); }

Result<std::chrono::sys_time<std::chrono::nanoseconds>> wall::now() noexcept {
    const linux::TimeSpec time = UNICORE_TRY(read(Clock::realtime));
    // 64 bits of nanoseconds reach from 1677 to 2262.
    constexpr std::int64_t furthest = std::numeric_limits<std::int64_t>::max() / nanoseconds_per_second - 1;
    if (time.seconds > furthest || time.seconds < -furthest) return unexpected(Error::device_error);
    return std::chrono::sys_time<std::chrono::nanoseconds>(
        std::chrono::nanoseconds(time.seconds * nanoseconds_per_second + time.nanoseconds));
}

}  // namespace unicore::time
