// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/time/pvclock.hpp>

#include <catch2/catch.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <random>

using unicore::time::pvclock::PvclockTime;

namespace {

/// One nanosecond per tick.
PvclockTime page_at(std::uint64_t timestamp, std::uint64_t system_time) {
    PvclockTime page;
    page.version = 2;
    page.timestamp = timestamp;
    page.system_time = system_time;
    page.multiplier = 0x8000'0000;
    page.shift = 1;
    return page;
}

}  // namespace

TEST_CASE("the page is laid out as hypervisors write it") {
    CHECK(offsetof(PvclockTime, version) == 0);
    CHECK(offsetof(PvclockTime, timestamp) == 8);
    CHECK(offsetof(PvclockTime, system_time) == 16);
    CHECK(offsetof(PvclockTime, multiplier) == 24);
    CHECK(offsetof(PvclockTime, shift) == 28);
    CHECK(offsetof(PvclockTime, flags) == 29);
}

TEST_CASE("time is the timestamp's plus what passed since") {
    CHECK(page_at(1000, 7'000'000).read([] { return std::uint64_t{1234}; }) == 7'000'234);
    CHECK(page_at(0, 0).read([] { return std::uint64_t{5}; }) == 5);
}

TEST_CASE("a counter that lies before the timestamp counts as being there") {
    CHECK(page_at(1000, 50).read([] { return std::uint64_t{900}; }) == 50);
    CHECK(page_at(~std::uint64_t{0}, 50).read([] { return std::uint64_t{3}; }) == 54);  // it wrapped
}

TEST_CASE("a page that changes under the reader is read again") {
    PvclockTime page = page_at(0, 1'000);
    int reads = 0;
    const auto time = page.read([&] {
        if (++reads == 1) {  // all of it new, in the middle of the reading
            page.version = page.version + 2;
            page.timestamp = 100;
            page.system_time = 2'000;
        }
        return std::uint64_t{110};
    });
    CHECK(time == 2'010);
    CHECK(reads == 2);
}

TEST_CASE("half-written pages are not believed") {
    std::mt19937_64 random(6);
    for (int round = 0; round < 500; ++round) {
        PvclockTime page = page_at(0, 1'000'000);
        int left = static_cast<int>(random() % 20);
        const auto time = page.read([&] {
            if (left > 0) {
                --left;
                page.version = page.version | 1;  // being written
                page.timestamp = random();
                page.system_time = random();
                if (left % 3 == 0) page.version = page.version + 1;  // done, and at once again
                if (left == 0) {
                    page.timestamp = 500;
                    page.system_time = 3'000'000;
                    page.version = (page.version | 1) + 1;
                }
            }
            return std::uint64_t{600};
        });
        REQUIRE(time.has_value());
        REQUIRE((*time == 3'000'100 || *time == 1'000'600));
    }
}

TEST_CASE("a page that never settles is given up") {
    PvclockTime page = page_at(0, 0);
    std::uint64_t reads = 0;
    page.version = 7;
    CHECK_FALSE(page.read([&] { return ++reads; }).has_value());
    CHECK(reads <= 10'000);

    page.version = 8;
    CHECK_FALSE(page.read([&] {
                        page.version = page.version + 2;
                        return std::uint64_t{1};
                    })
                    .has_value());
}

TEST_CASE("no content of the page does harm") {
    std::mt19937_64 random(7);
    for (int round = 0; round < 10'000; ++round) {
        PvclockTime page;
        page.version = static_cast<std::uint32_t>(random());
        page.timestamp = random();
        page.system_time = random();
        page.multiplier = static_cast<std::uint32_t>(random());
        page.shift = static_cast<std::int8_t>(random());
        page.flags = static_cast<std::uint8_t>(random());
        CHECK(page.read([&] { return random(); }).has_value() == (page.version % 2 == 0));
    }
}
