// SPDX-License-Identifier: BSD-3-Clause
#include "../../heap/test/fake_pages.hpp"

#include <unicore/memory/arena.hpp>
#include <unicore/memory/pages.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <random>
#include <vector>

namespace unicore::memory::arena {
namespace {

using test::fake_pages;

struct Machine {
    Machine() { test::reset_fake_pages(); }
    ~Machine() {
        CHECK(fake_pages.taken == 0);
        test::reset_fake_pages();
    }
};

}  // namespace

TEST_CASE("memory.arena: blocks follow each other, aligned as asked for") {
    Machine machine;
    Region region;
    CHECK(fake_pages.taken == 0);
    auto* const first = static_cast<std::byte*>(*region.allocate(1));
    auto* const second = static_cast<std::byte*>(*region.allocate(3, 1));
    auto* const third = static_cast<std::byte*>(*region.allocate(8));
    CHECK(second == first + 1);
    CHECK(third == first + 16);
    CHECK(reinterpret_cast<std::uintptr_t>(*region.allocate(5, 4096)) % 4096 == 0);
    CHECK(region.allocate(1, 0).error() == Error::invalid_argument);
    CHECK(region.allocate(1, 24).error() == Error::invalid_argument);
    for (const std::size_t much : {~std::size_t{0}, ~std::size_t{0} / 2, ~std::size_t{0} / 8 + 1}) {
        CHECK(region.allocate(much).error() == Error::out_of_memory);
        CHECK(region.allocate(much, 4096).error() == Error::out_of_memory);
    }
    CHECK(region.array<long>(~std::size_t{0} / 4).error() == Error::out_of_memory);
}

TEST_CASE("memory.arena: objects and arrays") {
    Machine machine;
    Region region;
    struct Point {
        int x;
        int y;
    };
    CHECK((*region.create<Point>(3, 4))->y == 4);
    const auto numbers = region.array<int>(10'000);
    REQUIRE(numbers.has_value());
    CHECK(std::ranges::all_of(*numbers, [](int number) { return number == 0; }));
    CHECK(region.array<int>(0)->empty());
}

TEST_CASE("memory.arena: the end gives pages back, a reset all but the first chunk") {
    Machine machine;
    Region region;
    for (int i = 0; i < 100; ++i) std::memset(*region.allocate(1000), i, 1000);
    CHECK(region.usage().reserved == fake_pages.taken * page_size);
    CHECK(region.usage().allocated >= 100'000);
    region.reset();
    CHECK(fake_pages.taken == 4);
    CHECK(region.usage().allocated == 0);
    CHECK(region.usage().reserved == 4 * page_size);
    const std::size_t takes = fake_pages.takes;
    for (int i = 0; i < 16; ++i) std::memset(*region.allocate(1000), i, 1000);
    CHECK(fake_pages.takes == takes);
}

TEST_CASE("memory.arena: a region moves") {
    Machine machine;
    Region first;
    int* const number = *first.create<int>(5);
    Region second(std::move(first));
    CHECK(first.usage().reserved == 0);
    CHECK(*number == 5);
    CHECK(second.usage().reserved == 4 * page_size);
    REQUIRE(first.allocate(10).has_value());
    first = std::move(second);
    CHECK(*number == 5);
}

TEST_CASE("memory.arena: a large block does not cost the rest of a chunk") {
    Machine machine;
    Region region;
    auto* const first = static_cast<std::byte*>(*region.allocate(16));
    std::memset(*region.allocate(100'000), 1, 100'000);
    CHECK(*region.allocate(16) == first + 16);
}

TEST_CASE("memory.arena: spare chunks are used again, and go when memory is short") {
    Machine machine;
    Spares spares(2);
    {
        Region regions[3] = {Region(&spares), Region(&spares), Region(&spares)};
        for (Region& region : regions) REQUIRE(region.allocate(10).has_value());
        REQUIRE(regions[0].allocate(50'000).has_value());  // of another size, and not kept
    }
    CHECK(spares.count() == 2);
    CHECK(fake_pages.taken == 8);
    {
        const std::size_t takes = fake_pages.takes;
        Region region(&spares);
        REQUIRE(region.allocate(10).has_value());
        CHECK(fake_pages.takes == takes);
        CHECK(spares.count() == 1);
    }
    fake_pages.limit = fake_pages.taken;
    CHECK(pages::Pages::create(PageCount{1}).has_value());
    CHECK(spares.count() == 0);
}

TEST_CASE("memory.arena: running out is an error and passes, and fewer pages than a chunk do") {
    Machine machine;
    Region region;
    fake_pages.limit = 1;
    CHECK(region.allocate(5000).error() == Error::out_of_memory);
    CHECK(region.allocate(3000).has_value());
    CHECK(region.allocate(3000).error() == Error::out_of_memory);
    test::reset_fake_pages();
    CHECK(region.allocate(3000).has_value());
}

TEST_CASE("memory.arena: random requests do not overlap") {
    Machine machine;
    const char* const given = std::getenv("UNICORE_SEED");
    const std::uint64_t seed = given != nullptr ? std::strtoull(given, nullptr, 0) : std::random_device{}();
    INFO("UNICORE_SEED=" << seed);
    std::mt19937_64 random(seed);
    const auto below = [&](std::size_t limit) { return static_cast<std::size_t>(random() % limit); };
    Spares spares(3);
    fake_pages.refuse = [&](std::size_t) { return below(20) == 0; };
    for (int round = 0; round < 50; ++round) {
        Region region(&spares);
        struct Piece {
            std::byte* start;
            std::size_t size;
            std::byte tag;
        };
        std::vector<Piece> pieces;
        for (int i = 0; i < 200; ++i) {
            const std::size_t size = below(10) == 0 ? below(40'000) : below(500);
            const std::size_t alignment = std::size_t{1} << below(13);
            const auto block = region.allocate(size, alignment);
            if (!block) continue;
            REQUIRE(reinterpret_cast<std::uintptr_t>(*block) % alignment == 0);
            pieces.push_back({static_cast<std::byte*>(*block), size, std::byte{static_cast<unsigned char>(random())}});
            std::memset(*block, static_cast<int>(pieces.back().tag), size);
            REQUIRE(region.usage().allocated <= region.usage().reserved);
            if (below(100) == 0) region.reset(), pieces.clear();
        }
        for (const Piece& piece : pieces)
            REQUIRE(std::all_of(piece.start, piece.start + piece.size, [&](std::byte b) { return b == piece.tag; }));
        if (below(5) == 0) spares.shrink();
    }
}

}  // namespace unicore::memory::arena
