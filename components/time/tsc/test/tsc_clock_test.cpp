// SPDX-License-Identifier: BSD-3-Clause
#include "../tsc_clock.hpp"
#include "pc.hpp"

#include <unicore/platform/interrupts.hpp>

#include <catch2/catch.hpp>

#include <cmath>
#include <random>

using unicore::platform::Interrupts;
using unicore::platform::MaskGuard;
using unicore::test::Cpu;
using unicore::test::panic_of;
using unicore::test::pc;
using unicore::test::Pc;
using Clock = unicore::time::tsc::TscClock<Cpu>;

namespace {

constexpr std::uint64_t microsecond = 1'000, millisecond = 1'000'000, second = 1'000'000'000;

/// How far the clock goes wrong, in millionths, over ten seconds.
double error_of(Clock& clock) {
    const std::uint64_t start = clock.now(), start_true = pc().now;
    pc().now += 10 * Pc::second;
    const auto shown = static_cast<double>(clock.now() - start);
    const double passed = static_cast<double>(pc().now - start_true) / 1000;
    return std::abs(shown / passed - 1) * 1e6;
}

struct Slept {
    unsigned wake_ups;
    double late;  ///< nanoseconds after the deadline, by the machine's own time
};

Slept sleep(Clock& clock, std::uint64_t nanoseconds) {
    const MaskGuard masked;
    const std::uint64_t start = clock.now(), start_true = pc().now;
    unsigned wake_ups = 0;
    while (clock.now() < start + nanoseconds) {
        clock.idle_until(start + nanoseconds);
        ++wake_ups;
    }
    return {wake_ups, static_cast<double>(pc().now - start_true) / 1000 - static_cast<double>(nanoseconds)};
}

constexpr std::uint64_t tsc_frequencies[] = {11'000'000,    100'000'000,   1'000'000'000, 2'000'000'000,
                                             2'894'560'000, 6'200'000'000, 19'900'000'000};
constexpr std::uint64_t bus_frequencies[] = {16'000'000, 25'000'000, 100'000'000, 200'000'000, 1'000'000'000};

}  // namespace

TEST_CASE("the frequency is measured against the 8254, halting") {
    for (const std::uint64_t tsc : tsc_frequencies)
        for (const std::uint64_t bus : bus_frequencies) {
            INFO("TSC " << tsc << ", bus " << bus);
            pc().tsc_hertz = tsc;
            pc().bus_hertz = bus;
            pc().halts = 0;
            Clock clock;
            const std::uint64_t before = pc().now;
            clock.now();
            CHECK(pc().now - before < 70 * millisecond * 1000);
            CHECK(pc().halts <= 6);
            CHECK(error_of(clock) < 400);  // a tick of the 8254 at either end of 5 ms or more
            CHECK_FALSE(Interrupts::masked());
        }
}

TEST_CASE("the first use of time leaves the mask as it was") {
    Clock clock;
    const MaskGuard masked;
    clock.now();
    CHECK(Interrupts::masked());
}

TEST_CASE("late wake-ups do not spoil the measurement") {
    std::mt19937_64 random(8);
    for (int round = 0; round < 60; ++round) {
        pc().delay = [&] { return random() % 3 == 0 ? random() % (40 * millisecond * 1000) : 0; };
        Clock clock;
        REQUIRE(error_of(clock) < 400);
    }
}

TEST_CASE("a wake-up after the 8254 has run out is measured again") {
    int late = 4;
    pc().delay = [&] { return late-- > 0 ? 60 * millisecond * 1000 : 0; };
    Clock clock;
    CHECK(error_of(clock) < 400);
}

TEST_CASE("other interrupts do not spoil the measurement") {
    for (const std::uint64_t every : {10u, 100u, 1000u, 7000u}) {
        pc().interrupt_every = every * Pc::microsecond;
        Clock clock;
        CHECK(error_of(clock) < 400);
    }
}

TEST_CASE("an interrupt handler may look at the clock while it is measured") {
    for (const int when : {1, 2, 3}) {
        Clock clock;
        int halts = 0;
        pc().interrupt_every = 70 * Pc::microsecond;
        pc().delay = [&] {
            if (++halts == when * 10) clock.now();
            return std::uint64_t{0};
        };
        clock.now();
        pc().delay = [] { return std::uint64_t{0}; };
        CHECK(halts > when * 10);
        CHECK(error_of(clock) < 400);
    }
}

TEST_CASE("a machine without a clock is refused") {
    SECTION("no 8254") { pc().pit.present = false; }
    SECTION("the counter stands still") { pc().tsc_hertz = 0; }
    SECTION("a counter too slow to be one") { pc().tsc_hertz = 8'000'000; }
    SECTION("a counter too fast to be one") { pc().tsc_hertz = 21'000'000'000; }
    SECTION("CPUID says nonsense, and there is no 8254") {
        pc().pit.present = false;
        pc().leaves[0] = {0x15};
        pc().leaves[0x15] = {1, 1, 7};
    }
    SECTION("never at peace") {
        pc().delay = [] { return 60 * millisecond * 1000; };
    }
    CHECK(panic_of([] { Clock().now(); }).find("no usable clock") != std::string::npos);
}

TEST_CASE("CPUID's frequency needs no measurement") {
    pc().pit.present = false;
    SECTION("crystal") {
        pc().leaves[0] = {0x16};
        pc().leaves[0x15] = {3, 250, 30'000'000};
    }
    SECTION("hypervisor") {
        pc().leaves[0x4000'0000] = {0x4000'0010};
        pc().leaves[0x4000'0010] = {2'500'000};
    }
    Clock clock;
    CHECK(error_of(clock) < 0.01);
    CHECK(pc().halts == 0);
}

TEST_CASE("nonsense of CPUID's is measured instead") {
    pc().leaves[0] = {0x15};
    pc().leaves[0x15] = {1, 0xffff'ffff, 0xffff'ffff};
    Clock clock;
    CHECK(error_of(clock) < 400);
}

TEST_CASE("kvmclock is taken where it is") {
    pc().add_kvmclock();
    pc().pit.present = false;
    Clock clock;
    CHECK(error_of(clock) < 0.01);
    CHECK(pc().halts == 0);
    CHECK((pc().registers[0x4b56'4d01] & 1) == 1);
    CHECK((pc().registers[0x4b56'4d01] - 1) % 64 == 0);  // so that it lies in one page
    const std::uint64_t now = clock.now();
    CHECK(now / 1000 == pc().now / 1'000'000);

    SECTION("and followed") {
        pc().page->version = pc().page->version + 1;
        pc().page->timestamp = pc().page->timestamp + 1000;
        pc().page->system_time = pc().page->system_time + 5 * second;
        pc().page->version = pc().page->version + 1;
        CHECK(clock.now() - now > 4 * second);
    }
    SECTION("and never backwards") {
        pc().page->system_time = 5;
        CHECK(clock.now() >= now);
        pc().page->system_time = 5 + now + second;
        CHECK(clock.now() > now);
    }
    SECTION("and given up when it is stuck") {
        pc().page->version = 3;
        CHECK(panic_of([&] { clock.now(); }).find("no usable clock") != std::string::npos);
    }
    SECTION("and measured again when it is withdrawn") {
        pc().pit.present = true;
        pc().leaves.erase(0x4000'0000);
        pc().page->multiplier = 0;
        CHECK(clock.now() >= now);
    }
}

TEST_CASE("a kvmclock that is not filled in is not taken") {
    pc().add_kvmclock();
    pc().at_cycles = [] {};
    pc().tsc_hertz = 2'000'000'000;
    // The register takes the address, and nothing happens.
    struct Silent : Cpu {
        static void write_msr(std::uint32_t number, std::uint64_t value) { pc().registers[number] = value; }
    };
    unicore::time::tsc::TscClock<Silent> clock;
    const std::uint64_t start = clock.now(), start_true = pc().now;
    pc().now += Pc::second;
    const double shown = static_cast<double>(clock.now() - start);
    CHECK(shown / (static_cast<double>(pc().now - start_true) / 1000) == Approx(1).epsilon(0.0005));
    CHECK(pc().registers[0x4b56'4d01] == 0);  // and the hypervisor will not write to it later
}

TEST_CASE("a hostile kvmclock breaks nothing but the time") {
    std::mt19937_64 random(9);
    pc().add_kvmclock();
    Clock clock;
    clock.now();
    pc().at_cycles = [&] {
        pc().page->timestamp = random();
        pc().page->system_time = random();
        pc().page->multiplier = static_cast<std::uint32_t>(random()) | 1;
        pc().page->shift = static_cast<std::int8_t>(random());
    };
    std::uint64_t last = 0;
    for (int i = 0; i < 10'000; ++i) {
        const std::uint64_t now = clock.now();
        REQUIRE(now >= last);
        last = now;
    }
    const MaskGuard masked;
    for (int i = 0; i < 1000; ++i) clock.idle_until(random());
}

TEST_CASE("one wake-up is enough for a sleep, or a few") {
    const bool deadline = GENERATE(false, true);
    const int source = GENERATE(0, 1, 2);
    for (const std::uint64_t tsc : tsc_frequencies)
        for (const std::uint64_t bus : bus_frequencies) {
            INFO("TSC " << tsc << ", bus " << bus << ", deadline timer " << deadline << ", source " << source);
            pc() = Pc();
            pc().tsc_hertz = tsc;
            pc().bus_hertz = bus;
            if (deadline) pc().leaves[1].ecx |= 1 << 24;
            if (source == 1) pc().add_kvmclock();
            if (source == 2) {
                pc().leaves[0] = {0x15};
                pc().leaves[0x15] = {1, 100, static_cast<std::uint32_t>(tsc / 100)};
            }
            Clock clock;
            clock.now();
            const auto first = sleep(clock, 10 * second);
            CHECK(first.wake_ups <= 14);
            CHECK(first.late < 10e9 * 400e-6 + 10'000);
            for (const std::uint64_t time : {20 * microsecond, millisecond, 50 * millisecond, second}) {
                const auto later = sleep(clock, time);
                CHECK(later.wake_ups <= 6);
                CHECK(later.late < static_cast<double>(time) * 400e-6 + 10'000);
            }
            CHECK(pc().wrong == "");
        }
}

TEST_CASE("a busy host delays wake-ups, not what is known of the timer") {
    std::mt19937_64 random(12);
    for (const std::uint64_t bus : bus_frequencies)
        for (int round = 0; round < 20; ++round) {
            INFO("bus " << bus << ", round " << round);
            pc() = Pc();
            pc().bus_hertz = bus;
            pc().delay = [&] { return random() % 8 == 0 ? random() % (200 * millisecond * 1000) : 0; };
            Clock clock;
            sleep(clock, microsecond);
            pc().delay = [] { return std::uint64_t{0}; };
            for (int i = 0; i < 3; ++i) {
                const auto slept = sleep(clock, 3 * second);
                CHECK(slept.wake_ups <= 20);
                CHECK(slept.late < 3e9 * 400e-6 + 200'000);
            }
        }
}

TEST_CASE("the first sleep returns when it has prepared") {
    const bool deadline = GENERATE(false, true);
    if (deadline) pc().leaves[1].ecx |= 1 << 24;
    Clock clock;
    const MaskGuard masked;
    const std::uint64_t before = pc().now;
    clock.idle_until(~std::uint64_t{0} >> 1);
    CHECK(pc().now - before < 100 * millisecond * 1000);
    const std::uint64_t prepared = pc().now;
    clock.idle_until(~std::uint64_t{0} >> 1);
    CHECK(pc().now - prepared > 2 * Pc::second);
    CHECK(Interrupts::masked());
}

TEST_CASE("a deadline that has passed lets interrupts in and returns") {
    Clock clock;
    const MaskGuard masked;
    clock.idle_until(0);
    for (const std::uint64_t deadline : {std::uint64_t{0}, std::uint64_t{1}, clock.now()}) {
        const unsigned halts = pc().halts;
        const std::uint64_t before = pc().now;
        clock.idle_until(deadline);
        CHECK(pc().halts == halts + 1);
        CHECK(pc().now - before < 100 * Pc::microsecond);
        CHECK(Interrupts::masked());
    }
}

TEST_CASE("no deadline is a long wait") {
    const bool deadline = GENERATE(false, true);
    if (deadline) pc().leaves[1].ecx |= 1 << 24;
    Clock clock;
    const MaskGuard masked;
    sleep(clock, 100 * millisecond);
    const std::uint64_t before = pc().now;
    clock.idle_until(~std::uint64_t{0} >> 1);
    CHECK(pc().now - before > 2 * Pc::second);
}

TEST_CASE("an interrupt ends the wait") {
    pc().interrupt_every = 2 * millisecond * 1000;
    Clock clock;
    const MaskGuard masked;
    clock.idle_until(0);
    const std::uint64_t before = clock.now();
    clock.idle_until(before + second);
    CHECK(clock.now() - before < 3 * millisecond);
}

TEST_CASE("a timer that is armed for the same deadline is left alone") {
    const bool deadline = GENERATE(false, true);
    if (deadline) pc().leaves[1].ecx |= 1 << 24;
    Clock clock;
    sleep(clock, millisecond);
    pc().interrupt_every = millisecond * 1000;
    pc().arms = 0;
    const auto slept = sleep(clock, 100 * millisecond);
    CHECK(slept.wake_ups > 90);
    CHECK(pc().arms < 10);
    CHECK(slept.late < 100e3);
    // Another one is not the same.
    const MaskGuard masked;
    pc().arms = 0;
    for (unsigned i = 1; i <= 5; ++i) clock.idle_until(clock.now() + i * second);
    CHECK(pc().arms == 5);
}

TEST_CASE("a machine that was stopped for a while sleeps right afterwards") {
    pc().add_kvmclock();
    Clock clock;
    sleep(clock, second);
    // The timer goes on while the hypervisor holds the clock.
    const std::uint64_t stopped = 600 * second;
    pc().delay = [&] {
        pc().delay = [] { return std::uint64_t{0}; };
        pc().page->system_time = pc().page->system_time - stopped;
        return stopped * 1000;
    };
    sleep(clock, second);
    const auto later = sleep(clock, 10 * second);
    CHECK(later.late < 10e6);
    CHECK(later.wake_ups < 10);
}
