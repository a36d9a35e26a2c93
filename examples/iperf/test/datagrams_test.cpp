// SPDX-License-Identifier: BSD-3-Clause
#include "../datagrams.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <random>
#include <span>
#include <vector>

using namespace iperf;

namespace {

/// Those of these numbers, each after as long as the first.
Counted after(std::initializer_list<std::uint64_t> numbers) {
    Arrivals arrivals;
    for (const std::uint64_t number : numbers) arrivals.take({.sent = 1000 * number, .number = number}, 100, 5 + 1000 * number);
    return arrivals.counted();
}

}  // namespace

TEST_CASE("a datagram's header") {
    std::vector<std::byte> bytes(12);
    write_datagram(bytes, {.sent = 0x0102'0304ULL * 1'000'000 + 0x54321, .number = 0x11121314}, false);
    const unsigned char as_iperf_writes_it[] = {1, 2, 3, 4, 0, 5, 0x43, 0x21, 0x11, 0x12, 0x13, 0x14};
    CHECK(std::ranges::equal(bytes, std::as_bytes(std::span(as_iperf_writes_it))));
    CHECK(read_datagram(bytes, false)->sent == 0x0102'0304ULL * 1'000'000 + 0x54321);
    CHECK(read_datagram(bytes, false)->number == 0x11121314);
    CHECK_FALSE(read_datagram(std::span(bytes).first(11), false));
    CHECK_FALSE(read_datagram(bytes, true));
    bytes.resize(16);
    write_datagram(bytes, {.sent = 7, .number = 0x1234'5678'9abc}, true);
    CHECK(read_datagram(bytes, true)->number == 0x1234'5678'9abc);
}

TEST_CASE("what is lost, and what is late") {
    CHECK(after({}).packets == 0);
    CHECK(after({1, 2, 3}).packets == 3);
    CHECK(after({1, 2, 3}).lost == 0);
    CHECK(after({1, 2, 3}).bytes == 300);
    CHECK(after({3}).packets == 3);
    CHECK(after({3}).lost == 2);
    CHECK(after({1, 5, 3, 4, 2}).lost == 0);
    CHECK(after({1, 5, 3}).lost == 2);
    CHECK(after({1, 1, 1}).lost == 0);
    CHECK(after({1, 1, 1}).packets == 1);
}

TEST_CASE("jitter is how much transit times differ") {
    CHECK(after({1, 2, 3, 4, 5}).jitter == 0);
    Arrivals arrivals;
    for (std::uint64_t number = 1; number != 500; ++number)
        arrivals.take({.sent = 1000 * number, .number = number}, 100, 1000 * number + 160 * (number % 2));
    CHECK(arrivals.counted().jitter >= 150);
    CHECK(arrivals.counted().jitter <= 160);
}

TEST_CASE("what is omitted does not count") {
    Arrivals arrivals;
    for (const std::uint64_t number : {1, 4}) arrivals.take({.sent = 0, .number = number}, 100, 10 * number);
    arrivals.forget();
    CHECK(arrivals.counted().bytes == 0);
    CHECK(arrivals.counted().packets == 0);
    CHECK(arrivals.counted().lost == 0);
    CHECK(arrivals.counted().jitter == 0);
    arrivals.take({.sent = 0, .number = 2}, 100, 40);  // late, of before
    CHECK(arrivals.counted().lost == 0);
    for (const std::uint64_t number : {5, 8}) arrivals.take({.sent = 0, .number = number}, 100, 40);
    CHECK(arrivals.counted().packets == 4);
    CHECK(arrivals.counted().lost == 1);
}

TEST_CASE("anything may stand in a datagram") {
    std::mt19937_64 random(20261127);
    Arrivals arrivals;
    for (unsigned round = 0; round != 100000; ++round) {
        arrivals.take({.sent = random(), .number = random() >> random() % 64}, 100, random());
        if (random() % 1000 == 0) arrivals.forget();
        const Counted counted = arrivals.counted();
        REQUIRE(counted.jitter <= 3600ULL * 1'000'000);
        REQUIRE(counted.lost <= counted.packets);
    }
}
