// SPDX-License-Identifier: BSD-3-Clause
#include "../../heap/test/fake_pages.hpp"
#include "../../heap/test/model.hpp"

#include <unicore/memory/bump/config.hpp>
#include <unicore/memory/heap.hpp>

#include <catch2/catch.hpp>

#include <cstring>

namespace unicore::memory {

using test::fake_pages;

namespace {

constexpr auto growth = static_cast<std::size_t>(bump::config::growth);

void* allocate(std::size_t size) {
    const auto block = heap::allocate(size);
    REQUIRE(block.has_value());
    std::memset(*block, 0x5A, heap::usable_size(*block));
    return *block;
}

}  // namespace

TEST_CASE("memory.bump: blocks follow each other, a word apart") {
    test::reset_fake_pages();
    auto* const first = static_cast<std::byte*>(allocate(24));
    auto* const second = static_cast<std::byte*>(allocate(8));
    auto* const third = static_cast<std::byte*>(allocate(1));
    CHECK(second == first + 32);
    CHECK(third == second + 16);
}

TEST_CASE("memory.bump: the last block can be taken back, and grows in place") {
    test::reset_fake_pages();
    void* const first = allocate(100);
    void* const second = allocate(100);
    heap::release(first);
    CHECK(allocate(100) > second);
    void* const last = allocate(100);
    CHECK(*heap::reallocate(last, 1000) == last);
    CHECK(*heap::reallocate(last, 10) == last);
    heap::release(last);
    CHECK(allocate(500) == last);
}

TEST_CASE("memory.bump: a large block does not cost the rest of a small area") {
    test::reset_fake_pages();
    auto* const before = static_cast<std::byte*>(allocate(24));
    const std::size_t takes = fake_pages.takes;
    void* const large = allocate(3 * growth * page_size);
    CHECK(fake_pages.takes == takes + 1);
    CHECK(allocate(24) == before + 32);
    heap::release(large);  // lost, but counted as released
}

TEST_CASE("memory.bump: areas that lie next to each other are one") {
    test::reset_fake_pages();
    fake_pages.adjacent = true;
    const std::size_t size = growth * page_size * 2 / 3;
    auto* const first = static_cast<std::byte*>(allocate(growth * page_size + 1));  // starts the row
    const std::size_t before = fake_pages.taken;
    std::byte* previous = first;
    for (int i = 0; i < 30; ++i) {
        auto* const block = static_cast<std::byte*>(allocate(size));
        if (i > 1) CHECK(block == previous + ((size + sizeof(void*) + 15) & ~std::size_t{15}));
        previous = block;
    }
    CHECK(fake_pages.taken - before <= 30 * size / page_size + 2 * growth + 2);
    test::reset_fake_pages();
}

TEST_CASE("memory.bump: out of pages is an error, and fewer pages than a growth do") {
    test::reset_fake_pages();
    allocate(growth * page_size);  // whatever was left is lost or too small
    fake_pages.limit = fake_pages.taken + 2;
    const std::size_t before = fake_pages.taken;
    while (heap::allocate(1000)) {
    }
    CHECK(fake_pages.taken == before + 2);
    CHECK(heap::allocate(5000).error() == Error::out_of_memory);
    test::reset_fake_pages();
    CHECK(heap::allocate(5000).has_value());
}

TEST_CASE("memory.bump: random operations agree with the model") {
    test::reset_fake_pages();
    const std::uint64_t seed = test::heap_seed();
    SECTION("with memory in plenty") { test::exercise_heap(seed, 3000, 500, 20'000); }
    SECTION("with little memory") {
        fake_pages.limit = fake_pages.taken + 60;
        test::exercise_heap(seed, 3000, 500, 20'000);
    }
    SECTION("with areas that lie next to each other") {
        fake_pages.adjacent = true;
        test::exercise_heap(seed, 3000, 500, 10'000);
    }
    test::reset_fake_pages();
}

}  // namespace unicore::memory
