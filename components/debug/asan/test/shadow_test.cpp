// SPDX-License-Identifier: BSD-3-Clause
#include "../state.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <memory>
#include <random>
#include <vector>

using unicore::debug::asan::Shadow;

extern "C" {
// Of an image, which the host's tests are not.
extern const std::byte unicore_image_first[1] = {};
extern const std::byte unicore_image_end[1] = {};
}

namespace {

constexpr std::uint8_t bad = 0xf7;

/// A shadow for memory at an address of the test's choice, which nobody touches.
struct Shadowed {
    explicit Shadowed(std::vector<unicore::MemoryRange> ranges, std::size_t page_count = 16)
        : pages(page_count * unicore::page_size) {
        for (const auto& range : ranges) REQUIRE(shadow.want(Shadow::window_of(range)));
        directory = std::make_unique<Shadow::Entry[]>(shadow.entries());
        shadow.begin(directory.get(), pages.data(), page_count);
    }
    Shadow shadow;
    std::vector<std::byte> pages;
    std::unique_ptr<Shadow::Entry[]> directory;
};

constexpr std::uintptr_t base = 0x10'0000;

}  // namespace

TEST_CASE("before it begins, and beyond its windows, everything may be accessed") {
    Shadow none;
    none.poison(base, 100, bad);
    none.clear(base, 100);
    CHECK(none.find(base, 1000) == 0);
    Shadowed made({{base, Shadow::cover}});
    made.shadow.poison(base - 64, 64, bad);
    made.shadow.poison(base + Shadow::cover, 64, bad);
    CHECK(made.shadow.find(base - 1000, Shadow::cover + 2000) == 0);
    CHECK(made.shadow.covers(base));
    CHECK_FALSE(made.shadow.covers(base - 1));
}

TEST_CASE("the first byte that is poisoned is found") {
    Shadowed made({{base, 4 * Shadow::cover}});
    Shadow& shadow = made.shadow;
    shadow.poison(base + 21, 43, bad);  // up to 64
    CHECK(shadow.at(base + 16) == 5);
    CHECK(shadow.at(base + 24) == bad);
    CHECK(shadow.at(base + 64) == 0);
    CHECK(shadow.find(base, 21) == 0);
    CHECK(shadow.find(base, 22) == base + 21);
    CHECK(shadow.find(base + 23, 1) == base + 23);
    CHECK(shadow.find(base + 30, 50) == base + 30);
    CHECK(shadow.find(base + 64, 3 * Shadow::cover) == 0);
    const auto bad_one = [&]<std::size_t size>(std::uintptr_t at) {
        CHECK(shadow.forbids<size>(at) == (at + size > base + 21 && at < base + 64));
    };
    for (std::uintptr_t at = base; at < base + 80; ++at) {
        bad_one.operator()<1>(at);
        bad_one.operator()<2>(at);
        bad_one.operator()<4>(at);
        bad_one.operator()<8>(at);
        bad_one.operator()<16>(at);
    }
    shadow.clear(base + 21, 43);
    CHECK(shadow.find(base, 4 * Shadow::cover) == 0);
}

TEST_CASE("ranges may cross pages of shadow, and the end of one") {
    Shadowed made({{base, 4 * Shadow::cover}});
    Shadow& shadow = made.shadow;
    const std::uintptr_t border = base + Shadow::cover;
    shadow.poison(border - 16, Shadow::cover + 32, bad);
    CHECK(shadow.find(base, Shadow::cover - 16) == 0);
    CHECK(shadow.find(base, 3 * Shadow::cover) == border - 16);
    CHECK(shadow.find(border + Shadow::cover + 16, 100) == 0);
    CHECK(shadow.forbids<8>(border - 20));
    CHECK(shadow.forbids<16>(border + Shadow::cover + 8));
    shadow.clear(border - 16, 16);
    CHECK(shadow.forbids<8>(border - 4));
    CHECK_FALSE(shadow.forbids<8>(border - 8));
    CHECK(shadow.forbids<16>(border - 8));
    shadow.clear(border, Shadow::cover);
    CHECK_FALSE(shadow.forbids<16>(border - 8));
    CHECK(shadow.forbids<16>(border + Shadow::cover - 8));
}

TEST_CASE("windows that are near are one, others are not") {
    Shadow shadow;
    REQUIRE(shadow.want(Shadow::window_of({base, Shadow::cover})));
    REQUIRE(shadow.want(Shadow::window_of({base + 8 * Shadow::cover, Shadow::cover})));
    CHECK(shadow.entries() == 9);
    REQUIRE(shadow.want(Shadow::window_of({std::uintptr_t{1} << 40, 1})));
    CHECK(shadow.entries() == 10);
    REQUIRE(shadow.want(Shadow::window_of({base, 20 * Shadow::cover})));
    CHECK(shadow.entries() == 21);
    for (unsigned power = 41; power != 45; ++power) REQUIRE(shadow.want(Shadow::window_of({std::uintptr_t{1} << power, 1})));
    CHECK_FALSE(shadow.want(Shadow::window_of({std::uintptr_t{1} << 46, 1})));
    const std::uintptr_t last = ~std::uintptr_t{0};
    CHECK(Shadow::window_of({last - 99, 100}).count == 1);
}

TEST_CASE("without a page for it nothing is poisoned, and nothing is wrong") {
    Shadowed made({{base, 4 * Shadow::cover}}, 2);
    Shadow& shadow = made.shadow;
    shadow.poison(base, 4 * Shadow::cover, bad);
    CHECK(shadow.find(base, 8) == base);
    CHECK(shadow.find(base + 2 * Shadow::cover, 2 * Shadow::cover) == 0);
    CHECK(shadow.take_page() == nullptr);
}

TEST_CASE("neighbours in a granule") {
    // Places of 12 bytes: every other one begins in the middle of a granule.
    Shadowed made({{base, Shadow::cover}});
    Shadow& shadow = made.shadow;
    shadow.poison(base, 1200, bad);
    std::minstd_rand random(20261127);
    std::vector<bool> live(100);
    const auto accessible = [&](std::uintptr_t address) { return !shadow.forbids<1>(address); };
    for (unsigned step = 0; step != 20'000; ++step) {
        const std::size_t place = random() % live.size();
        if (live[place]) shadow.poison(base + place * 12, 12, bad);
        else shadow.clear(base + place * 12, 12);
        live[place] = !live[place];
        // What lives can be accessed; and of what does not, all but what shares a granule with what does.
        for (std::size_t near = place < 2 ? 0 : place - 2; near < live.size() && near < place + 3; ++near) {
            const std::uintptr_t first = base + near * 12;
            if (live[near]) REQUIRE(shadow.find(first, 12) == 0);
            else REQUIRE_FALSE(accessible(first + 11 * (near % 2)));
        }
    }
}

TEST_CASE("what functions leave on a stack is cleared, and nothing else") {
    Shadowed made({{base, 4 * Shadow::cover}});
    Shadow& shadow = made.shadow;
    const auto frame = [&](std::uintptr_t at) {
        shadow.set(at, 4, 0xf1);
        shadow.set(at + 32, 1, 3);
        shadow.set(at + 40, 3, 0xf2);
        shadow.set(at + 64, 2, 0xf8);
        shadow.set(at + 80, 1, 5);
        shadow.set(at + 88, 1, 0xf3);
    };
    for (const std::uintptr_t at : {base + 1024, base + Shadow::cover - 40, base + 3 * Shadow::cover}) frame(at);
    shadow.poison(base + 4096 + 3, 61, 0xfb);  // a block of the heap, with its end
    shadow.clear_stack(base + 512, 4 * Shadow::cover);
    CHECK(shadow.find(base, 4096 + 3) == 0);
    CHECK(shadow.find(base, 4 * Shadow::cover) == base + 4096 + 3);
    CHECK(shadow.find(base + 4096 + 64, 4 * Shadow::cover - 4096 - 64) == 0);
    frame(base + 1024);
    shadow.clear_stack(base + 1024 + 96, Shadow::cover);
    CHECK(shadow.forbids<1>(base + 1024));
}

TEST_CASE("a deep stack is cleared to its end, and what is far behind it is not looked at") {
    constexpr std::size_t apart = 200 << 10, size = 48 * Shadow::cover;
    Shadowed made({{base, size}});
    Shadow& shadow = made.shadow;
    for (std::uintptr_t at = base; at != base + 5 * apart; at += apart) shadow.set(at, 4, 0xf1);
    const std::uintptr_t far = base + 4 * apart + (300 << 10);
    shadow.set(far, 4, 0xf1);
    shadow.clear_stack(base, size);
    CHECK(shadow.find(base, size) == far);
}
