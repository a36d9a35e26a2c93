// SPDX-License-Identifier: BSD-3-Clause
#include "model.hpp"

#include <unicore/arch/ports.hpp>
#include <unicore/time/i8254.hpp>
#include <unicore/time/i8254/measure.hpp>

#include <catch2/catch.hpp>

namespace i8254 = unicore::time::i8254;
namespace ports = unicore::arch::ports;

namespace {

constexpr std::uint64_t second = unicore::test::I8254::second, nanosecond = 1000;

std::uint64_t now;
unicore::test::I8254 device;

/// A machine whose ports take no time.
struct Machine {
    Machine() {
        now = 40 * second;
        device = {};
        ports::model = {[](std::uint16_t port, unsigned) noexcept -> std::uint32_t { return device.read(port); },
                        [](std::uint16_t port, std::uint32_t value, unsigned) noexcept {
                            device.write(port, static_cast<std::uint8_t>(value), now);
                        }};
    }
    ~Machine() { ports::model = ports::empty_bus; }

    /// A counter of `hertz` and a timer of `timer_hertz`.
    std::uint64_t measure(std::uint64_t hertz, std::uint64_t timer_hertz, std::uint32_t first) {
        const auto count = [hertz] {
            return static_cast<std::uint64_t>(static_cast<unsigned __int128>(now) * hertz / second);
        };
        const auto wait = [this, timer_hertz](std::uint32_t ticks) {
            ++waits;
            now += ticks * (second / timer_hertz) + delay;
        };
        return i8254::measure(count, wait, first);
    }
    int waits = 0;
    std::uint64_t delay = 0;
};

}  // namespace

TEST_CASE_METHOD(Machine, "the stop-watch counts ticks since its start") {
    for (const std::uint64_t ticks :
         {0u, 1u, 2u, 255u, 256u, 257u, 1193u, 11931u, 32767u, 32768u, 65279u, 65280u, 65535u}) {
        i8254::load();
        i8254::start();
        now += (ticks * second + i8254::hertz / 2) / i8254::hertz + nanosecond;
        CHECK(i8254::elapsed() == ticks);
    }
    CHECK(device.wrong.empty());
}

TEST_CASE_METHOD(Machine, "the stop-watch says when it ran too long, however long") {
    for (const std::uint64_t ticks : {65536u, 65537u, 100'000u, 131'072u, 131'073u, 1'000'000u}) {
        i8254::load();
        i8254::start();
        now += ticks * second / i8254::hertz + nanosecond;
        CHECK(i8254::elapsed() == i8254::overrun);
    }
}

TEST_CASE_METHOD(Machine, "without an 8254 it ran too long") {
    device.present = false;
    i8254::load();
    i8254::start();
    CHECK(i8254::elapsed() == i8254::overrun);
}

TEST_CASE_METHOD(Machine, "a counter's rate is measured, whatever its timer's is") {
    for (const std::uint64_t hertz : {10'000'000u, 160'000'000u, 2'500'000'000u})
        for (const std::uint64_t timer : {10'000'000u, 100'000'000u, 1'000'000'000u}) {
            const std::uint64_t measured = measure(hertz, timer, 1 << 15);
            CHECK(measured > hertz - hertz / 3000);
            CHECK(measured < hertz + hertz / 3000);
        }
}

TEST_CASE_METHOD(Machine, "a rate that cannot be measured is none") {
    SECTION("no 8254") { device.present = false; }
    SECTION("interrupted for too long each time") { delay = second / 10; }
    CHECK(measure(160'000'000, 160'000'000, 1 << 15) == 0);
    CHECK(waits == 8);
}
