// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/base/log.hpp>
#include <unicore/time/clock.hpp>
#include <unicore/time/wall.hpp>

#include <utility>

namespace unicore::time {
namespace {

constexpr log::Logger<"time.wall"> log;

constinit bool said = false;

}  // namespace

std::chrono::sys_time<std::chrono::nanoseconds> wall::date_or_uptime() noexcept {
    const auto known = now();
    if (known) return *known;
    if (!std::exchange(said, true))
        log.warning([&](auto& line) { line << "no date, " << to_string(known.error()) << ": it counts from 1970 on"; });
    return std::chrono::sys_time<std::chrono::nanoseconds>(Monotonic::now().time_since_epoch());
}

}  // namespace unicore::time
