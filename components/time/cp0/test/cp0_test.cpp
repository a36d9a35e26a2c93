// SPDX-License-Identifier: BSD-3-Clause
#include "../cp0_clock.hpp"
#include "board.hpp"

#include <unicore/platform/interrupts.hpp>

#include <catch2/catch.hpp>

#include <cmath>

using unicore::platform::Interrupts;
using unicore::test::Board;
using unicore::test::board;
using unicore::test::Cpu;

namespace {

using Clock = unicore::time::cp0::Cp0Clock<Cpu>;
constexpr std::uint64_t second = 1'000'000'000, millisecond = second / 1000;

/// By how much the clock is wrong over a while, in parts of a million.
double error_of(Clock& clock) {
    const std::uint64_t before = clock.now(), real = board().now;
    for (int i = 0; i < 100; ++i) {
        board().pass(Board::second / 10);
        clock.now();
    }
    const auto told = static_cast<double>(clock.now() - before);
    return std::abs(told / (static_cast<double>(board().now - real) / 1000) - 1) * 1e6;
}

/// Sleeps as a scheduler does; how often it woke.
unsigned sleep(Clock& clock, std::uint64_t duration) {
    const std::uint64_t deadline = clock.now() + duration;
    const unsigned before = board().halts;
    Interrupts::masked() = true;
    while (clock.now() < deadline) clock.idle_until(deadline);
    Interrupts::masked() = false;
    return board().halts - before;
}

}  // namespace

TEST_CASE("the rate is measured against the 8254, asleep") {
    for (const std::uint64_t hertz :
         {1'100'000u, 10'000'000u, 50'000'000u, 160'000'000u, 1'000'000'000u, 3'900'000'000u}) {
        board().hertz = hertz;
        board().handler = nullptr;
        Clock clock;
        clock.now();
        CHECK(error_of(clock) < 500);
    }
    CHECK(board().halts < 60);
}

TEST_CASE("nothing happens before the first use") {
    [[maybe_unused]] const Clock clock;
    CHECK(board().now == 0);
    CHECK(board().handler == nullptr);
}

TEST_CASE("other interrupts do not spoil the measurement") {
    for (const std::uint64_t every : {20u, 100u, 1000u, 7000u}) {
        board().interrupt_every = every * Board::microsecond;
        Clock clock;
        clock.now();
        CHECK(error_of(clock) < 500);
    }
}

TEST_CASE("an interrupt handler may look at the clock while it is measured") {
    Clock clock;
    int calls = 0;
    board().interrupt_every = 300 * Board::microsecond;
    board().other = [&] {
        if (++calls == 2) clock.now();
    };
    clock.now();
    CHECK(calls > 2);
    CHECK(error_of(clock) < 500);
}

TEST_CASE("rates that a CPU cannot have are not believed") {
    using unicore::time::cp0::plausible;
    CHECK_FALSE(plausible(0));
    CHECK_FALSE(plausible(999'999));
    CHECK(plausible(1'000'000));
    CHECK(plausible(3'999'999'999));
    CHECK_FALSE(plausible(4'000'000'000));
}

TEST_CASE("the clock goes on when Count starts again") {
    board().first_count = 0xffff'0000;
    Clock clock;
    std::uint64_t last = clock.now();
    const std::uint64_t start = last, real = board().now;
    for (int i = 0; i < 200; ++i) {
        board().pass(Board::second);  // 27 s for all of Count
        const std::uint64_t now = clock.now();
        CHECK(now >= last + 999 * millisecond);
        last = now;
    }
    CHECK(std::abs(static_cast<double>(last - start) / (static_cast<double>(board().now - real) / 1000) - 1) < 0.0005);
}

TEST_CASE("a sleep ends at its deadline, not before, and takes a handful of wake-ups") {
    Clock clock;
    clock.now();
    for (const std::uint64_t duration :
         {std::uint64_t{1}, std::uint64_t{1000}, millisecond, second, 10 * second, 100 * second}) {
        const std::uint64_t before = clock.now();
        const unsigned halts = sleep(clock, duration);
        const std::uint64_t slept = clock.now() - before;
        CHECK(slept >= duration);
        CHECK(slept < duration + 20'000);
        CHECK(halts <= 2 + duration / (4 * second));
    }
}

TEST_CASE("a deadline that has passed returns at once") {
    Clock clock;
    clock.now();
    Interrupts::masked() = true;
    const std::uint64_t before = board().now;
    clock.idle_until(0);
    CHECK(board().now - before < 100 * Board::microsecond);
    CHECK(Interrupts::masked());
}

TEST_CASE("without a deadline Count is still looked at in time") {
    Clock clock;
    clock.now();
    Interrupts::masked() = true;
    const std::uint64_t before = clock.now(), real = board().now;
    for (int i = 0; i < 20; ++i) clock.idle_until(~std::uint64_t{0});
    const std::uint64_t passed = clock.now() - before;
    CHECK(passed > 20 * second);
    CHECK(std::abs(static_cast<double>(passed) / (static_cast<double>(board().now - real) / 1000) - 1) < 0.0005);
}

TEST_CASE("a moment that passes while it is set is set again, further away") {
    Clock clock;
    clock.now();
    for (const std::uint64_t slow : {1u, 10u, 100u, 3000u}) {
        board().write_time = slow * Board::microsecond;
        const std::uint64_t before = board().now;
        sleep(clock, 1000);
        CHECK(board().now - before < 100 * slow * Board::microsecond + 100 * Board::microsecond);
    }
}

TEST_CASE("the first wait only measures, and returns") {
    Clock clock;
    Interrupts::masked() = true;
    clock.idle_until(1000 * second);
    CHECK(board().now < Board::second);
    CHECK(clock.now() < second);
}
