// SPDX-License-Identifier: BSD-3-Clause
// [timerfd_create(2)]
#include "suites.hpp"

#include <unicore/time/clock.hpp>

#include <cstdint>

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

namespace unicore::posix::fd {
namespace {

using namespace std::chrono_literals;
using time::Monotonic;

constexpr long ms = 1'000'000;

itimerspec in(long nanoseconds, long interval = 0) noexcept {
    itimerspec out{};
    out.it_value.tv_nsec = nanoseconds;
    out.it_interval.tv_nsec = interval;
    return out;
}

bool disarmed(int timer) noexcept {
    itimerspec now{};
    return timerfd_gettime(timer, &now) == 0 && now.it_value.tv_sec == 0 && now.it_value.tv_nsec == 0;
}

/// At a time of the clock, and one that has passed.
void absolute(debug::Check& check, clockid_t clock) noexcept {
    const int timer = timerfd_create(clock, 0);
    std::uint64_t times = 0;
    itimerspec at{};
    if (clock_gettime(clock, &at.it_value) != 0) {  // a machine without a date
        at.it_value.tv_sec = 1;
        check(clock == CLOCK_REALTIME && fails(timerfd_settime(timer, TFD_TIMER_ABSTIME, &at, nullptr), EIO), "no date");
        close(timer);
        return;
    }
    check(timerfd_settime(timer, TFD_TIMER_ABSTIME, &at, nullptr) == 0 && read(timer, &times, 8) == 8 &&
          times == 1, "a time that has passed");
    const auto start = Monotonic::now();
    clock_gettime(clock, &at.it_value);
    at.it_value.tv_nsec += 10 * ms;
    if (at.it_value.tv_nsec >= 1000 * ms) {
        at.it_value.tv_nsec -= 1000 * ms;
        ++at.it_value.tv_sec;
    }
    check(timerfd_settime(timer, TFD_TIMER_ABSTIME, &at, nullptr) == 0 && read(timer, &times, 8) == 8 && times == 1 &&
              Monotonic::now() - start >= 8ms, "a time to come");
    close(timer);
}

}  // namespace

void timers(debug::Check& check) noexcept {
    errno = 0;
    std::uint64_t times = 0;
    const int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    check(fcntl(timer, F_GETFD) == FD_CLOEXEC && fails(read(timer, &times, 8), EAGAIN) && disarmed(timer), "not set");
    auto setting = in(10 * ms);
    itimerspec before{};
    const auto start = Monotonic::now();
    check(timerfd_settime(timer, 0, &setting, nullptr) == 0 && fails(read(timer, &times, 8), EAGAIN) &&
          !disarmed(timer), "set");
    fcntl(timer, F_SETFL, 0);
    check(read(timer, &times, 8) == 8 && times == 1 && Monotonic::now() - start >= 10ms && disarmed(timer), "once");
    setting = in(4 * ms, 4 * ms);
    timerfd_settime(timer, 0, &setting, nullptr);
    static_cast<void>(sched::sleep_for(10ms));
    check(read(timer, &times, 8) == 8 && times >= 2, "again and again");
    check(read(timer, &times, 8) == 8 && times >= 1 && timerfd_gettime(timer, &before) == 0 &&
          before.it_interval.tv_nsec == 4 * ms &&
              before.it_value.tv_nsec <= 4 * ms, "with what is left");
    setting = in(0);
    check(timerfd_settime(timer, 0, &setting, &before) == 0 && before.it_interval.tv_nsec == 4 * ms &&
          disarmed(timer), "disarmed");
    {
        // It is set while somebody waits.
        const Later setter([&] {
            const auto soon = in(1 * ms);
            timerfd_settime(timer, 0, &soon, nullptr);
        });
        check(read(timer, &times, 8) == 8 && times == 1, "a reader waits");
    }
    setting = in(1000 * ms);
    check(fails(timerfd_settime(timer, 0, &setting, nullptr), EINVAL) &&
          fails(timerfd_settime(timer, 8, &before, nullptr), EINVAL) &&
              fails(read(timer, &times, 7), EINVAL) && fails(write(timer, &times, 8), EINVAL), "what is wrong");
    close(timer);
    const int event = eventfd(0, 0);
    check(fails(timerfd_gettime(event, &before), EINVAL) &&
          fails(timerfd_gettime(50, &before), EBADF), "what is no timer");
    close(event);
    check(fails(timerfd_create(1234, 0), EINVAL) &&
          fails(timerfd_create(CLOCK_MONOTONIC, 1), EINVAL), "clocks and flags");
    absolute(check, CLOCK_MONOTONIC);
    absolute(check, CLOCK_REALTIME);
}

}  // namespace unicore::posix::fd
