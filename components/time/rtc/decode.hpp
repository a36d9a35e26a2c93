// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/chrono.hpp>
#include <unicore/base/result.hpp>

#include <cstddef>
#include <cstdint>

namespace unicore::time::rtc {

/// What the clock keeps, in the order in which it is read: the date, then status register B.
enum Field : std::size_t { second, minute, hour, day, month, year, century, date_fields, format = date_fields, fields };

struct Registers {
    std::uint8_t value[fields];
};

inline constexpr std::uint8_t format_24_hours = 1 << 1;
inline constexpr std::uint8_t format_binary = 1 << 2;

/// Days since 1970-01-01, for 1970 to 2199, months from 1 to 13. A fifth of what <chrono>'s calendar
/// takes, which has to be right for every year.
/// [H. Hinnant, "chrono-compatible low-level date algorithms", days_from_civil]
constexpr unsigned days_since_1970(unsigned year, unsigned month, unsigned day) noexcept {
    if (month <= 2) {  // years start in March, so that the leap day is the last
        --year;
        month += 12;
    }
    const unsigned skipped = year >= 2100 ? 16 : 15;  // leap days of centuries, since 0000-03-01
    return 365 * year + year / 4 - skipped + (153 * month - 457) / 5 + day - 719'469;
}

/// The moment that the registers show. Errors: device_error when they show none.
constexpr Result<std::chrono::sys_seconds> decode(Registers raw) noexcept {
    constexpr std::uint8_t ends[date_fields] = {60, 60, 24, 32, 13, 100, 255};
    const std::uint8_t form = raw.value[format];
    // In 12-hour format the upper bit of the hour is no digit.
    const bool twelve = (form & format_24_hours) == 0;
    const unsigned afternoon = twelve ? raw.value[hour] / 0x80u : 0;
    if (twelve) raw.value[hour] &= 0x7f;

    unsigned value[date_fields];
    for (std::size_t field = 0; field < date_fields; ++field) {
        unsigned number = raw.value[field];
        if ((form & format_binary) == 0) {
            if (number % 16 > 9) number = 0xfff;  // no digit: stays out of range
            number -= number / 16 * 6;
        }
        if (number >= ends[field] && field != century) return unexpected(Error::device_error);
        value[field] = number;
    }
    if (twelve) {
        if (value[hour] - 1 >= 12) return unexpected(Error::device_error);
        value[hour] = value[hour] % 12 + afternoon * 12;
    }
    // Not every machine has a register for the century; then two digits are from 1970 to 2069.
    unsigned hundreds = value[century];
    if (hundreds - 20 > 1) hundreds = value[year] < 70 ? 20 : 19;
    const unsigned full_year = hundreds * 100 + value[year];
    const unsigned date = days_since_1970(full_year, value[month], value[day]);
    if (value[month] == 0 || value[day] == 0 || date >= days_since_1970(full_year, value[month] + 1, 1))
        return unexpected(Error::device_error);
    return std::chrono::sys_seconds(
        std::chrono::seconds(((std::int64_t{date} * 24 + value[hour]) * 60 + value[minute]) * 60 + value[second]));
}

}  // namespace unicore::time::rtc
