// SPDX-License-Identifier: BSD-3-Clause
#include "date.hpp"

#include <chrono>
#include <cstring>

namespace http {

void write_date(std::int64_t seconds, char (&into)[date_size]) noexcept {
    using namespace std::chrono;
    const sys_seconds moment{std::chrono::seconds(seconds)};
    const sys_days day = floor<days>(moment);
    const year_month_day date(day);
    const hh_mm_ss time(moment - day);
    std::memcpy(into, "Sun, 00 Jan 0000 00:00:00 GMT", date_size);
    std::memcpy(into, &"SunMonTueWedThuFriSat"[3 * weekday(day).c_encoding()], 3);
    std::memcpy(into + 8, &"JanFebMarAprMayJunJulAugSepOctNovDec"[3 * (unsigned{date.month()} - 1)], 3);
    const auto two = [&](std::size_t at, unsigned number) {
        into[at] = static_cast<char>('0' + number / 10 % 10);
        into[at + 1] = static_cast<char>('0' + number % 10);
    };
    two(5, unsigned{date.day()});
    two(12, static_cast<unsigned>(int{date.year()}) / 100);
    two(14, static_cast<unsigned>(int{date.year()}) % 100);
    two(17, static_cast<unsigned>(time.hours().count()));
    two(20, static_cast<unsigned>(time.minutes().count()));
    two(23, static_cast<unsigned>(time.seconds().count()));
}

}  // namespace http
