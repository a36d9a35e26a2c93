// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/time/pvclock/scale.hpp>

#include <catch2/catch.hpp>

#include <cstdint>
#include <random>

using unicore::time::pvclock::multiply;
using unicore::time::pvclock::Scale;
using Wide = unsigned __int128;

namespace {

constexpr std::uint64_t second = 1'000'000'000;
constexpr std::uint64_t century = second * 60 * 60 * 24 * 36525;

std::uint64_t exact_ticks(std::uint64_t nanoseconds, std::uint64_t hertz) {
    return static_cast<std::uint64_t>(Wide(nanoseconds) * hertz / second);
}

std::uint64_t exact_nanoseconds(std::uint64_t ticks, std::uint64_t hertz) {
    return static_cast<std::uint64_t>(Wide(ticks) * second / hertz);
}

/// 31 significant bits of multiplier, what the shift of the frequency loses, and `slack` of rounding.
bool close(std::uint64_t value, std::uint64_t expected, std::uint64_t slack) {
    const auto difference = value > expected ? value - expected : expected - value;
    return difference <= slack + expected / 500'000'000 * 3;
}

}  // namespace

TEST_CASE("multiply is the upper part of the product") {
    std::mt19937_64 random(1);
    for (int i = 0; i < 10'000; ++i) {
        const std::uint64_t value = random() >> random() % 64;
        const auto fraction = static_cast<std::uint32_t>(random() >> random() % 64);
        REQUIRE(multiply(value, fraction) == static_cast<std::uint64_t>(Wide(value) * fraction >> 32));
    }
    CHECK(multiply(~std::uint64_t{0}, 0xffff'ffff) ==
          static_cast<std::uint64_t>(Wide(~std::uint64_t{0}) * 0xffff'ffff >> 32));
}

TEST_CASE("a scale made from a frequency keeps time for a century") {
    std::mt19937_64 random(2);
    const auto check = [](std::uint64_t hertz, std::uint64_t nanoseconds) {
        INFO("hertz " << hertz << ", nanoseconds " << nanoseconds);
        const Scale scale = Scale::of(hertz);
        const std::uint64_t ticks = exact_ticks(nanoseconds, hertz);
        REQUIRE(close(scale.nanoseconds(ticks), exact_nanoseconds(ticks, hertz), 8));
    };
    for (const std::uint64_t hertz : {10'000'000u, 24'000'000u, 999'999'999u, 1'000'000'000u, 1'073'741'823u,
                                      1'073'741'824u, 1'073'741'825u, 2'147'483'648u, 3'000'000'000u, 4'294'967'295u})
        for (const std::uint64_t nanoseconds : {std::uint64_t{0}, std::uint64_t{1000}, second, century})
            check(hertz, nanoseconds);
    for (int i = 0; i < 10'000; ++i) {
        const std::uint64_t hertz = 10'000'000 + random() % 5'000'000'000;
        check(hertz, random() % century);
    }
    // The counter itself has 64 bits: at 20 GHz that is 29 years.
    for (int i = 0; i < 3'000; ++i) check(5'000'000'000 + random() % 15'000'000'001, random() % (century * 29 / 100));
}

TEST_CASE("a scale never goes back") {
    std::mt19937_64 random(3);
    for (int i = 0; i < 10'000; ++i) {
        const Scale scale = Scale::of(10'000'000 + random() % 20'000'000'000);
        const std::uint64_t ticks = random() >> (8 + random() % 50);
        REQUIRE(scale.nanoseconds(ticks) <= scale.nanoseconds(ticks + 1));
    }
}

TEST_CASE("ticks is the way back, rounded down") {
    std::mt19937_64 random(4);
    for (int i = 0; i < 10'000; ++i) {
        const std::uint64_t hertz = 10'000'000 + random() % 20'000'000'000;
        const auto nanoseconds = static_cast<std::uint32_t>(random());
        const Scale scale = Scale::of(hertz);
        const std::uint64_t ticks = scale.ticks(nanoseconds);
        INFO("hertz " << hertz << ", nanoseconds " << nanoseconds);
        REQUIRE(scale.nanoseconds(ticks) <= nanoseconds);
        REQUIRE(close(ticks, exact_ticks(nanoseconds, hertz), 32));  // of a nanosecond or two
    }
}

TEST_CASE("scales that a hypervisor could make up are harmless") {
    std::mt19937_64 random(5);
    for (int i = 0; i < 10'000; ++i) {
        const Scale scale{static_cast<std::uint32_t>(random()), static_cast<std::int8_t>(random())};
        static_cast<void>(scale.nanoseconds(random()));
        static_cast<void>(scale.ticks(static_cast<std::uint32_t>(random())));
    }
    CHECK(Scale{0, -128}.nanoseconds(~std::uint64_t{0}) == 0);
    static_cast<void>(Scale{0, -128}.ticks(0xffff'ffff));
    static_cast<void>(Scale{0xffff'ffff, 127}.ticks(0xffff'ffff));
}
