// SPDX-License-Identifier: BSD-3-Clause
#include "../decode.hpp"
#include "cmos.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <random>

using unicore::Error;
using unicore::Result;
using namespace unicore::time::rtc;
namespace test = unicore::test;
using std::chrono::sys_seconds;

namespace {

constexpr std::uint8_t bcd_24 = 0x02, bcd_12 = 0x00, binary_24 = 0x06, binary_12 = 0x04;

Result<sys_seconds> decoded(std::initializer_list<unsigned> values, std::uint8_t status_b) {
    Registers raw{};
    std::size_t i = 0;
    for (const unsigned value : values) raw.value[i++] = static_cast<std::uint8_t>(value);
    raw.value[format] = status_b;
    return decode(raw);
}

}  // namespace

TEST_CASE("dates are decoded in every format") {
    const auto at = [](int seconds) { return sys_seconds(std::chrono::seconds(seconds)); };
    CHECK(decoded({0x59, 0x58, 0x23, 0x31, 0x12, 0x99, 0x19}, bcd_24) == at(946684739));
    CHECK(decoded({0x00, 0x00, 0x00, 0x29, 0x02, 0x24, 0x20}, bcd_24) == at(1709164800));
    CHECK(decoded({0, 0, 0, 1, 1, 70, 19}, binary_24) == at(0));
    CHECK(decoded({1, 2, 3, 4, 5, 6, 20}, binary_24) == at(1146711721));
}

TEST_CASE("twelve hours") {
    const auto hour_of = [](unsigned raw, std::uint8_t status_b) {
        const auto time =
            decoded({0, 0, raw, 1, 1, status_b == bcd_12 ? 0x70u : 70u, status_b == bcd_12 ? 0x19u : 19u}, status_b);
        return time ? static_cast<int>(time->time_since_epoch().count() / 3600) : -1;
    };
    CHECK(hour_of(0x12, bcd_12) == 0);
    CHECK(hour_of(0x01, bcd_12) == 1);
    CHECK(hour_of(0x11, bcd_12) == 11);
    CHECK(hour_of(0x92, bcd_12) == 12);
    CHECK(hour_of(0x81, bcd_12) == 13);
    CHECK(hour_of(0x91, bcd_12) == 23);
    CHECK(hour_of(12, binary_12) == 0);
    CHECK(hour_of(0x80 | 12, binary_12) == 12);
    CHECK(hour_of(0x80 | 11, binary_12) == 23);
    for (const unsigned wrong : {0x00u, 0x13u, 0x80u, 0x93u, 0x1au}) CHECK(hour_of(wrong, bcd_12) == -1);
    for (const unsigned wrong : {0u, 13u, 0x80u, 0x80u | 13u}) CHECK(hour_of(wrong, binary_12) == -1);
}

TEST_CASE("days are those of the calendar") {
    using namespace std::chrono;
    int wrong = 0;
    for (sys_days date = 1970y / 1 / 1; date < 2200y / 1 / 1; date += days(1)) {
        const year_month_day parts(date);
        const auto full_year = static_cast<unsigned>(static_cast<int>(parts.year()));
        const unsigned shown =
            days_since_1970(full_year, static_cast<unsigned>(parts.month()), static_cast<unsigned>(parts.day()));
        wrong += shown != static_cast<unsigned>(date.time_since_epoch().count());
    }
    CHECK(wrong == 0);
    CHECK(days_since_1970(2024, 13, 1) == days_since_1970(2025, 1, 1));
}

TEST_CASE("every date from 1970 to 2199 comes back, in every format") {
    std::mt19937_64 random(10);
    constexpr std::int64_t end = 7'258'118'400;  // 2200
    for (const bool binary : {false, true})
        for (const bool hours_24 : {false, true})
            for (int i = 0; i < 3'000; ++i) {
                auto& cmos = test::cmos();
                cmos.binary = binary;
                cmos.hours_24 = hours_24;
                const auto seconds = static_cast<std::int64_t>(random() % end);
                cmos.now = seconds * 1'000'000;
                Registers raw;
                std::size_t field = 0;
                for (const std::uint8_t place : {0x00, 0x02, 0x04, 0x07, 0x08, 0x09, 0x32, 0x0b}) {
                    cmos.index = place;
                    raw.value[field++] = cmos.read_register();
                }
                REQUIRE(decode(raw) == sys_seconds(std::chrono::seconds(seconds)));
            }
}

TEST_CASE("without a century, years are from 1970 to 2069") {
    const auto year_of = [](unsigned year, unsigned century) {
        const auto time = decoded({0, 0, 0, 1, 1, year, century}, binary_24);
        return static_cast<int>(std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(*time)).year());
    };
    for (const unsigned none : {0u, 18u, 19u, 22u, 0x20u, 255u}) {
        CHECK(year_of(70, none) == 1970);
        CHECK(year_of(99, none) == 1999);
        CHECK(year_of(0, none) == 2000);
        CHECK(year_of(69, none) == 2069);
    }
    CHECK(year_of(70, 20) == 2070);
    CHECK(year_of(5, 21) == 2105);
}

TEST_CASE("what is no date is refused") {
    CHECK_FALSE(decoded({60, 0, 0, 1, 1, 24, 20}, binary_24));
    CHECK_FALSE(decoded({0, 60, 0, 1, 1, 24, 20}, binary_24));
    CHECK_FALSE(decoded({0, 0, 24, 1, 1, 24, 20}, binary_24));
    CHECK_FALSE(decoded({0, 0, 0, 0, 1, 24, 20}, binary_24));
    CHECK_FALSE(decoded({0, 0, 0, 32, 1, 24, 20}, binary_24));
    CHECK_FALSE(decoded({0, 0, 0, 30, 2, 24, 20}, binary_24));
    CHECK_FALSE(decoded({0, 0, 0, 29, 2, 23, 20}, binary_24));
    CHECK_FALSE(decoded({0, 0, 0, 29, 2, 0, 21}, binary_24));  // 2100 is no leap year
    CHECK(decoded({0, 0, 0, 29, 2, 0, 20}, binary_24));
    CHECK_FALSE(decoded({0, 0, 0, 1, 0, 24, 20}, binary_24));
    CHECK_FALSE(decoded({0, 0, 0, 1, 13, 24, 20}, binary_24));
    CHECK_FALSE(decoded({0, 0, 0, 1, 1, 100, 20}, binary_24));
    CHECK_FALSE(decoded({0x5a, 0, 0, 1, 1, 0x24, 0x20}, bcd_24));
    CHECK_FALSE(decoded({0xa0, 0, 0, 1, 1, 0x24, 0x20}, bcd_24));
    CHECK_FALSE(decoded({0, 0, 0, 1, 1, 0x2f, 0x20}, bcd_24));
    for (const std::uint8_t format : {bcd_24, bcd_12, binary_24, binary_12}) {
        CHECK_FALSE(decoded({0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, format));
        CHECK_FALSE(decoded({0, 0, 0, 0, 0, 0, 0}, format));
    }
}

TEST_CASE("no content does harm") {
    std::mt19937_64 random(11);
    for (int i = 0; i < 20'000; ++i) {
        Registers raw;
        for (auto& byte : raw.value) byte = static_cast<std::uint8_t>(random());
        const auto time = decode(raw);
        if (time) REQUIRE((time->time_since_epoch().count() < 7'258'118'400 && time->time_since_epoch().count() >= 0));
        else REQUIRE(time.error() == Error::device_error);
    }
}
