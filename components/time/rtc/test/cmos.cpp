// SPDX-License-Identifier: BSD-3-Clause
#include "cmos.hpp"

#include <unicore/arch/ports.hpp>
#include <unicore/time/clock.hpp>

#define CATCH_CONFIG_EXTERNAL_INTERFACES
#include <catch2/catch.hpp>

#include <ctime>
#include <string>

namespace unicore::test {
namespace {

Cmos the_cmos;

std::uint32_t read(std::uint16_t port, unsigned) noexcept {
    ++cmos().accesses;
    cmos().now += cmos().access_time;
    return port == 0x71 && cmos().present ? cmos().read_register() : 0xff;
}

void write(std::uint16_t port, std::uint32_t value, unsigned) noexcept {
    ++cmos().accesses;
    cmos().now += cmos().access_time;
    if (port == 0x70) cmos().index = static_cast<std::uint8_t>(value);
}

struct Reset final : Catch::TestEventListenerBase {
    using TestEventListenerBase::TestEventListenerBase;
    std::string test_case;
    void testCaseStarting(const Catch::TestCaseInfo& info) override { test_case = info.name; }
    void sectionEnded(const Catch::SectionStats&) override {}
    /// A test case runs once for each of its sections, and its own section starts each time.
    void sectionStarting(const Catch::SectionInfo& info) override {
        if (info.name != test_case) return;
        the_cmos = {};
        arch::ports::model = {read, write};
    }
};
CATCH_REGISTER_LISTENER(Reset)

constexpr std::int64_t second = 1'000'000;

}  // namespace

Cmos& cmos() { return the_cmos; }

std::uint8_t Cmos::digits(unsigned value) const {
    return static_cast<std::uint8_t>(binary ? value : value / 10 << 4 | value % 10);
}

std::uint8_t Cmos::read_register() const {
    const std::int64_t in_second = now % second;
    constexpr std::int64_t announced = 244, updating = 1984;  // microseconds
    const bool update = in_second >= second - announced - updating;
    if (index == 0x0a) return static_cast<std::uint8_t>(0x26 | (stuck || update ? 0x80 : 0));
    if (index == 0x0b) return static_cast<std::uint8_t>((hours_24 ? 2 : 0) | (binary ? 4 : 0));
    if (garbled || in_second >= second - updating) return 0xee;  // undefined while it is updated
    const std::time_t seconds = now / second + (restless ? static_cast<std::time_t>(accesses / 8) : 0);
    std::tm date{};
    gmtime_r(&seconds, &date);
    const auto as_unsigned = [](int value) { return static_cast<unsigned>(value); };
    switch (index) {
        case 0x00: return digits(as_unsigned(date.tm_sec));
        case 0x02: return digits(as_unsigned(date.tm_min));
        case 0x04: {
            if (hours_24) return digits(as_unsigned(date.tm_hour));
            const auto hour = as_unsigned(date.tm_hour % 12 == 0 ? 12 : date.tm_hour % 12);
            return static_cast<std::uint8_t>(digits(hour) | (date.tm_hour >= 12 ? 0x80 : 0));
        }
        case 0x07: return digits(as_unsigned(date.tm_mday));
        case 0x08: return digits(as_unsigned(date.tm_mon + 1));
        case 0x09: return digits(as_unsigned(date.tm_year % 100));
        case 0x32: return has_century ? digits(as_unsigned(date.tm_year / 100 + 19)) : 0;
        default: return 0;
    }
}

}  // namespace unicore::test

unicore::time::Instant unicore::time::Monotonic::now() noexcept {
    // Runs with the machine's time, from its own start.
    return Instant(std::chrono::microseconds(++test::cmos().now) - std::chrono::microseconds(1'600'000'000'000'000));
}
