// SPDX-License-Identifier: BSD-3-Clause
#include "../../../base/test/child.hpp"
#include "../../heap/test/fake_pages.hpp"
#include "../../heap/test/model.hpp"

#include <unicore/memory/heap.hpp>
#include <unicore/memory/tlsf/config.hpp>

#include <catch2/catch.hpp>

#include <cstdlib>
#include <cstring>
#include <random>
#include <vector>

#include <unistd.h>

namespace unicore::memory {

using test::fake_pages;

namespace {

constexpr auto growth = static_cast<std::size_t>(tlsf::config::growth);

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

void* allocate(std::size_t size, std::size_t alignment = heap::default_alignment) {
    const auto block = heap::allocate(size, alignment);
    REQUIRE(block.has_value());
    std::memset(*block, 0x5A, heap::usable_size(*block));
    return *block;
}

}  // namespace

TEST_CASE("memory.tlsf: nothing is taken before the first block, and nothing kept after the last") {
    Heap heap;
    CHECK(heap::usage().reserved == 0);
    void* const block = allocate(1);
    CHECK(fake_pages.taken == growth);
    CHECK(heap::usage().reserved == growth * page_size);
    heap::release(block);
    CHECK(fake_pages.taken == 0);
}

TEST_CASE("memory.tlsf: small blocks share what was taken") {
    Heap heap;
    std::vector<void*> blocks;
    // Overhead: one word a block, 16 bytes an area.
    const std::size_t count = (growth * page_size - 16) / 64;
    for (std::size_t i = 0; i < count; ++i) blocks.push_back(allocate(64 - sizeof(void*)));
    CHECK(fake_pages.takes == 1);
    blocks.push_back(allocate(64 - sizeof(void*)));
    CHECK(fake_pages.takes == 2);
    for (void* const block : blocks) heap::release(block);
}

TEST_CASE("memory.tlsf: a large block takes the pages that it needs") {
    Heap heap;
    const std::size_t size = 100 * growth * page_size;
    void* const block = allocate(size);
    CHECK(fake_pages.taken == 100 * growth + 1);
    heap::release(block);
    void* const whole = allocate(size - 16 - sizeof(void*));
    CHECK(fake_pages.taken == 100 * growth);
    heap::release(whole);
}

TEST_CASE("memory.tlsf: neighbours merge, in any order of release") {
    Heap heap;
    const int orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    for (const auto& order : orders) {
        void* const guard = allocate(16);
        void* blocks[3] = {allocate(1000), allocate(2000), allocate(3000)};
        void* const end = allocate(growth * page_size - 6000 - 500);
        for (const int i : order) heap::release(blocks[i]);
        REQUIRE(fake_pages.takes == 1);
        void* const all = allocate(5500);  // rounded up to its list, still less than the merged block
        CHECK(fake_pages.takes == 1);
        CHECK(all == blocks[0]);
        for (void* const block : {guard, all, end}) heap::release(block);
        fake_pages.takes = 0;
    }
}

TEST_CASE("memory.tlsf: reallocate grows into a free neighbour and shrinks in place") {
    Heap heap;
    void* const block = allocate(100);
    void* const neighbour = allocate(1000);
    void* const guard = allocate(10);
    heap::release(neighbour);
    CHECK(*heap::reallocate(block, 1000) == block);
    CHECK(*heap::reallocate(block, 50) == block);
    CHECK(heap::usable_size(block) < 100);
    void* const again = allocate(900);
    CHECK(again > block);
    CHECK(again < guard);
    void* const moved = *heap::reallocate(block, 2000);
    CHECK(moved != block);
    for (void* const one : {again, moved, guard}) heap::release(one);
}

TEST_CASE("memory.tlsf: a large alignment wastes nothing for good") {
    Heap heap;
    void* const small = allocate(24);
    for (std::size_t alignment = 32; alignment <= growth * page_size / 4; alignment *= 2) {
        void* const block = allocate(100, alignment);
        CHECK(reinterpret_cast<std::uintptr_t>(block) % alignment == 0);
        void* const other = allocate(24, alignment);
        CHECK(reinterpret_cast<std::uintptr_t>(other) % alignment == 0);
        heap::release(block);
        heap::release(other);
    }
    CHECK(fake_pages.takes == 1);
    heap::release(small);
}

TEST_CASE("memory.tlsf: every size class finds its own blocks again") {
    Heap heap;
    fake_pages.limit = std::size_t{1} << 20;
    void* const anchor = allocate(16);
    for (std::size_t power = 4; power < 22; ++power) {
        for (const std::size_t delta :
             {std::size_t{0}, std::size_t{1}, std::size_t{1} << (power - 2), (std::size_t{1} << power) - 1}) {
            const std::size_t size = (std::size_t{1} << power) + delta;
            const auto first = heap::allocate(size);
            REQUIRE(first.has_value());
            CHECK(heap::usable_size(*first) >= size);
            CHECK(heap::usable_size(*first) < size + 32);
            heap::release(*first);
        }
    }
    heap::release(anchor);
}

TEST_CASE("memory.tlsf: when there are fewer pages than a growth, fewer do") {
    Heap heap;
    fake_pages.limit = 3;
    void* const block = allocate(5000);
    CHECK(fake_pages.taken == 2);
    void* const other = allocate(3000);
    CHECK_FALSE(heap::allocate(5000).has_value());
    heap::release(block);
    heap::release(other);
}

TEST_CASE("memory.tlsf: running out of pages is an error, and passes") {
    Heap heap;
    fake_pages.limit = 4 * growth;
    std::vector<void*> blocks;
    while (const auto block = heap::allocate(500)) blocks.push_back(*block);
    CHECK(blocks.size() > 4 * growth * page_size / 520);
    CHECK(heap::allocate(500).error() == Error::out_of_memory);
    CHECK(heap::reallocate(blocks[0], 1000).error() == Error::out_of_memory);
    heap::release(blocks.back());
    blocks.pop_back();
    blocks.push_back(allocate(500));
    for (void* const block : blocks) heap::release(block);
}

TEST_CASE("memory.tlsf: random operations agree with the model") {
    Heap heap;
    const std::uint64_t seed = test::heap_seed();
    SECTION("with memory in plenty") { test::exercise_heap(seed, 20'000, 2000, 200'000); }
    SECTION("with little memory") {
        fake_pages.limit = 60;
        test::exercise_heap(seed, 20'000, 2000, 100'000);
    }
    SECTION("with pages that cannot be had one time in two") {
        std::minstd_rand coin(static_cast<unsigned>(seed));
        fake_pages.refuse = [&](std::size_t) { return coin() % 2 == 0; };
        test::exercise_heap(seed, 20'000, 500, 100'000);
    }
    SECTION("with areas that lie next to each other") {
        fake_pages.adjacent = true;
        test::exercise_heap(seed, 5'000, 500, 20'000);
    }
}

#ifndef NDEBUG
TEST_CASE("memory.tlsf: what goes wrong with blocks ends the image") {
    Heap heap;
    const auto asserts = [](const std::function<void(char* block, char* other)>& bug) {
        const test::Ending ending = test::in_child([&] {
            auto* const before = static_cast<char*>(*heap::allocate(100));
            auto* const block = static_cast<char*>(*heap::allocate(100));
            auto* const behind = static_cast<char*>(*heap::allocate(100));
            static_cast<void>(*heap::allocate(100));
            static_cast<void>(before);
            bug(block, behind);
        });
        INFO(ending.output);
        CHECK((ending.status == 0) == ending.output.empty());
        return ending.output.find("assertion failed") != std::string::npos;
    };
    using heap::release;
    CHECK_FALSE(asserts([](char* block, char* behind) { release(block), release(behind); }));
    CHECK(asserts([](char* block, char*) { release(block), release(block); }));
    CHECK(asserts([](char* block, char* behind) { release(behind), release(block), release(behind); }));
    CHECK(asserts([](char* block, char*) { release(block + 8); }));
    CHECK(asserts([](char* block, char*) { release(block + 16); }));
    CHECK(asserts([](char* block, char*) { release(block), static_cast<void>(heap::reallocate(block, 1)); }));
    CHECK(asserts([](char* block, char*) { release(block), static_cast<void>(heap::usable_size(block)); }));
    // Written to after its release: the neighbours in the list do not point back.
    static void* decoy[] = {decoy, decoy};
    CHECK(asserts([](char* block, char*) {
        release(block), std::memcpy(block, decoy, sizeof decoy), static_cast<void>(heap::allocate(100));
    }));
    // Written behind its end, into the size of the next block.
    CHECK(asserts(
        [](char* block, char* behind) { std::memset(block + heap::usable_size(block), 0, 8), release(behind); }));
    CHECK(asserts(
        [](char* block, char* behind) { std::memset(block + heap::usable_size(block), 0xFF, 8), release(behind); }));
}
#endif

}  // namespace unicore::memory
