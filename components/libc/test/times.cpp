// SPDX-License-Identifier: BSD-3-Clause
// [ISO C17, 7.27; POSIX.1-2017, clock_gettime, gettimeofday, nanosleep]
#include "suites.hpp"

#include <unicore/time/wall.hpp>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

namespace unicore::libc {
namespace {

void calendar(debug::Check& check) noexcept {
    const time_t moment = 1'000'000'000;
    tm date{};
    check(gmtime_r(&moment, &date) == &date && date.tm_year == 101 && date.tm_mon == 8 && date.tm_mday == 9 &&
              date.tm_hour == 1 &&
              date.tm_min == 46 && date.tm_sec == 40 && date.tm_wday == 0 && date.tm_yday == 251, "gmtime");
    char text[64];
    check(strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S %a %B %j %%", &date) == 39 &&
              strcmp(text, "2001-09-09 01:46:40 Sun September 252 %") == 0, "strftime");
    check(strftime(text, 5, "%Y-%m-%d", &date) == 0, "strftime into too little");
    check(strcmp(asctime(&date), "Sun Sep  9 01:46:40 2001\n") == 0, "asctime");
    const time_t leap = 951'782'400;
    check(gmtime(&leap)->tm_mday == 29 && gmtime(&leap)->tm_mon == 1, "a leap day");
    const time_t before = -1;
    check(gmtime_r(&before, &date)->tm_year == 69 && date.tm_sec == 59, "before 1970");
    const time_t late = 4'102'444'800;
    check(gmtime_r(&late, &date)->tm_year == 200 && date.tm_mon == 0 && date.tm_mday == 1, "after 2038");
    tm wanted{};
    wanted.tm_year = 101, wanted.tm_mon = 8, wanted.tm_mday = 9, wanted.tm_hour = 1, wanted.tm_min = 46,
        wanted.tm_sec = 40;
    check(mktime(&wanted) == moment && wanted.tm_wday == 0 && wanted.tm_yday == 251, "mktime");
    tm odd{};
    odd.tm_year = 100, odd.tm_mon = 13, odd.tm_mday = 32;
    check(mktime(&odd) != -1 && odd.tm_year == 101 && odd.tm_mon == 2 && odd.tm_mday == 4,
              "mktime brings fields into range");
    check(difftime(moment, moment - 10) == 10, "difftime");
    setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
    tzset();
    check(localtime(&moment)->tm_hour == 3 && localtime(&moment)->tm_isdst == 1, "localtime by TZ, in summer");
    setenv("TZ", "UTC0", 1);
    tzset();
    check(localtime(&moment)->tm_hour == 1 && localtime(&moment)->tm_isdst == 0, "and without summer");
}

void clocks(debug::Check& check) noexcept {
    const time_t now = ::time(nullptr);
    const bool dated = time::wall::now().has_value();
    check(dated ? now > 1'700'000'000 : now >= 0 && now < 86'400,
          "time is after these lines were written, or counts from the start");
    timeval tv{};
    timespec first{}, second{};
    check(gettimeofday(&tv, nullptr) == 0 && tv.tv_sec >= now && tv.tv_usec >= 0 && tv.tv_usec < 1'000'000, "gettimeofday");
    check(clock_gettime(CLOCK_REALTIME, &first) == 0 && first.tv_sec >= now && first.tv_nsec < 1'000'000'000,
          "CLOCK_REALTIME");
    check(clock_gettime(CLOCK_MONOTONIC, &first) == 0, "CLOCK_MONOTONIC");
    const timespec wanted{0, 2'000'000};
    check(nanosleep(&wanted, nullptr) == 0 && clock_gettime(CLOCK_MONOTONIC, &second) == 0, "nanosleep");
    const auto slept = (second.tv_sec - first.tv_sec) * 1'000'000'000 + second.tv_nsec - first.tv_nsec;
    check(slept >= 2'000'000, "nanosleep is not short");
    check(usleep(100) == 0 && sleep(0) == 0, "usleep, sleep");
    const timespec wrong{0, 1'000'000'000};
    errno = 0;
    check(nanosleep(&wrong, nullptr) == -1 && errno == EINVAL, "nanosleep refuses what is no time");
    errno = 0;
    check(clock_gettime(99, &first) == -1 && errno == EINVAL, "clock_gettime refuses what is no clock");
    check(clock_getres(CLOCK_MONOTONIC, &first) == 0 && first.tv_sec == 0, "clock_getres");
    check(clock() != static_cast<clock_t>(-1), "clock");
}

}  // namespace

void times(debug::Check& check) noexcept {
    calendar(check);
    clocks(check);
}

}  // namespace unicore::libc
