// SPDX-License-Identifier: BSD-3-Clause
// [ISO C++23, time.clock, time.cal]
#include "suites.hpp"

#include <unicore/time/wall.hpp>

#include <chrono>
#include <thread>

namespace unicore::libcxx {

void times(debug::Check& check) noexcept {
    using namespace std::chrono;
    const auto start = steady_clock::now();
    std::this_thread::sleep_for(5ms);
    const auto slept = steady_clock::now() - start;
    check(slept >= 5ms && slept < 60s, "steady_clock, sleep_for");
    std::this_thread::sleep_until(steady_clock::now() - 1s);
    check(steady_clock::is_steady && steady_clock::now() >= start, "sleep_until in the past");
    const auto date = system_clock::now();
    check(time::wall::now() ? date > sys_days(2020y / January / 1) : date.time_since_epoch() < days(1), "system_clock");
    const auto day = sys_days(2024y / February / 29);
    check(day.time_since_epoch() == days(19'782) && weekday(day) == Thursday,
          "the calendar");
    check(duration_cast<milliseconds>(1h + 1ms) == 3'600'001ms && floor<seconds>(-1ms) == -1s, "durations");
}

}  // namespace unicore::libcxx
