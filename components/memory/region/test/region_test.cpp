// SPDX-License-Identifier: BSD-3-Clause
#include "../../../base/test/child.hpp"
#include "../../heap/test/fake_pages.hpp"
#include "../../heap/test/model.hpp"

#include <unicore/memory/heap.hpp>
#include <unicore/memory/region/config.hpp>

#include <catch2/catch.hpp>

#include <cstring>
#include <random>
#include <vector>

namespace unicore::memory {

using test::fake_pages;

namespace {

constexpr auto chunk = static_cast<std::size_t>(region::config::chunk);

/// Every case begins and ends with an empty heap, which has no pages.
struct Heap {
    Heap() {
        test::reset_fake_pages();
        REQUIRE(fake_pages.taken == 0);
        fake_pages.takes = 0;
    }
    ~Heap() {
        CHECK(fake_pages.taken == 0);
        CHECK(heap::usage().allocated == 0);
        CHECK(heap::usage().reserved == 0);
        test::reset_fake_pages();
    }
};

std::byte* allocate(std::size_t size, std::size_t alignment = heap::default_alignment) {
    const auto block = heap::allocate(size, alignment);
    REQUIRE(block.has_value());
    std::memset(*block, 0x5A, heap::usable_size(*block));
    return static_cast<std::byte*>(*block);
}

}  // namespace

TEST_CASE("memory.region: blocks follow each other, eight bytes apart") {
    Heap heap;
    std::byte* const first = allocate(24);
    std::byte* const second = allocate(8);
    std::byte* const third = allocate(1);
    CHECK(second == first + 32);
    CHECK(third == second + 16);
    CHECK(fake_pages.taken == chunk);
    for (std::byte* const block : {second, first, third}) heap::release(block);
}

TEST_CASE("memory.region: a chunk is used again when its last block is released, in any order") {
    Heap heap;
    std::byte* const elsewhere = allocate(chunk * page_size);
    std::vector<std::byte*> blocks;
    for (int round = 0; round < 10; ++round) {
        for (int i = 0; i < 50; ++i) blocks.push_back(allocate(1000));
        for (std::size_t i = 0; i < blocks.size(); ++i) heap::release(blocks[i * 7 % blocks.size()]);
        blocks.clear();
    }
    CHECK(fake_pages.takes <= 3);
    heap::release(elsewhere);
}

TEST_CASE("memory.region: one block keeps its chunk, and no other") {
    Heap heap;
    std::vector<std::byte*> blocks;
    for (std::size_t i = 0; i < 3 * chunk; ++i) blocks.push_back(allocate(page_size - 8));
    CHECK(fake_pages.taken >= 3 * chunk);
    std::byte* const kept = blocks[1];
    for (std::byte* const block : blocks)
        if (block != kept) heap::release(block);
    CHECK(fake_pages.taken <= 2 * chunk);
    heap::release(kept);
}

TEST_CASE("memory.region: the last block can be taken back, and grows in place") {
    Heap heap;
    std::byte* const first = allocate(100);
    std::byte* const second = allocate(100);
    heap::release(second);
    CHECK(allocate(50) == second);
    CHECK(*heap::reallocate(second, 1000) == second);
    CHECK(*heap::reallocate(second, 10) == second);
    std::byte* const third = allocate(10);
    CHECK(third == second + 32);
    auto* const moved = static_cast<std::byte*>(*heap::reallocate(first, 1000));
    CHECK(moved > third);
    for (std::byte* const block : {second, third, moved}) heap::release(block);
}

TEST_CASE("memory.region: a large block does not cost the rest of a chunk") {
    Heap heap;
    std::byte* const before = allocate(24);
    std::byte* const large = allocate(3 * chunk * page_size);
    std::byte* const after = allocate(24);
    CHECK(after == before + 32);
    heap::release(large);
    CHECK(fake_pages.taken == chunk);
    heap::release(before);
    heap::release(after);
}

TEST_CASE("memory.region: when there are fewer pages than a chunk, fewer do") {
    Heap heap;
    fake_pages.limit = 3;
    std::byte* const block = allocate(5000);
    CHECK(fake_pages.taken == 2);
    CHECK(heap::allocate(9000).error() == Error::out_of_memory);
    heap::release(block);
}

TEST_CASE("memory.region: random operations agree with the model") {
    Heap heap;
    const std::uint64_t seed = test::heap_seed();
    SECTION("with memory in plenty") { test::exercise_heap(seed, 10'000, 1000, 50'000); }
    SECTION("with little memory") {
        fake_pages.limit = 60;
        test::exercise_heap(seed, 10'000, 1000, 50'000);
    }
    SECTION("with pages that cannot be had one time in two") {
        std::minstd_rand coin(static_cast<unsigned>(seed));
        fake_pages.refuse = [&](std::size_t) { return coin() % 2 == 0; };
        test::exercise_heap(seed, 10'000, 500, 50'000);
    }
}

#ifndef NDEBUG
TEST_CASE("memory.region: a block that is released twice ends the image") {
    Heap heap;
    const test::Ending ending = test::in_child([] {
        static_cast<void>(*heap::allocate(10));
        void* const block = *heap::allocate(10);
        heap::release(block);
        heap::release(block);
    });
    CHECK(ending.output.find("assertion failed") != std::string::npos);
}
#endif

}  // namespace unicore::memory
