// SPDX-License-Identifier: BSD-3-Clause
// What every provider of memory.heap must do, the ones that never reuse memory included. Runs inside
// images with a few hundred KiB as well: takes less than 64 KiB in all, until at the end all pages are taken away from
// the heap, so that running out is quick on large machines, too.
#include <unicore/debug/check.hpp>
#include <unicore/memory/heap.hpp>
#include <unicore/memory/heap/asan.hpp>
#include <unicore/memory/heap/checks.hpp>
#include <unicore/memory/pages.hpp>
#include <unicore/memory/pressure.hpp>

#include <bit>
#include <cstdint>
#include <iterator>
#include <new>
#include <utility>

namespace unicore::memory::heap {
namespace {

using debug::Check;

constexpr std::size_t most = static_cast<std::size_t>(-1);

void fill(void* block, std::size_t size, unsigned tag) noexcept {
    for (std::size_t i = 0; i < size; ++i) static_cast<std::uint8_t*>(block)[i] = static_cast<std::uint8_t>(tag + i);
}
bool holds(const void* block, std::size_t size, unsigned tag) noexcept {
    for (std::size_t i = 0; i < size; ++i)
        if (static_cast<const std::uint8_t*>(block)[i] != static_cast<std::uint8_t>(tag + i)) return false;
    return true;
}
bool aligned(const void* block, std::size_t alignment) noexcept {
    return reinterpret_cast<std::uintptr_t>(block) % alignment == 0;
}

void refuses_what_can_never_be(Check& check) noexcept {
    const std::size_t before = usage().allocated;
    for (const std::size_t alignment : {std::size_t{0}, std::size_t{3}, std::size_t{48}, most}) {
        const auto block = allocate(1, alignment);
        check(!block && block.error() == Error::invalid_argument, "an alignment is a power of two");
    }
    for (const std::size_t size : {most, most - 1, most - 15, most - 16, most - 64, most / 2, most / 2 + 1}) {
        const auto block = allocate(size);
        check(!block && block.error() == Error::out_of_memory, "sizes near the end of the address space cannot be had");
        const auto wide = allocate(size, 4096);
        check(!wide && wide.error() == Error::out_of_memory, "nor can they with an alignment");
        const auto moved = reallocate(nullptr, size);
        check(!moved && moved.error() == Error::out_of_memory, "nor by way of reallocate");
    }
    const auto far = allocate(1, most / 2 + 1);
    check(!far && far.error() == Error::out_of_memory, "an alignment of half the address space cannot be had");
    check(usage().allocated == before, "what is refused allocates nothing");
}

void keeps_blocks_apart(Check& check) noexcept {
    constexpr std::size_t sizes[] = {0, 1, 7, 8, 15, 16, 17, 24, 25, 40, 100, 255, 256, 257, 1000, 2048, 3000};
    void* blocks[std::size(sizes)];
    std::size_t expected = usage().allocated;
    for (std::size_t i = 0; i < std::size(sizes); ++i) {
        const auto block = allocate(sizes[i]);
        if (!check(block.has_value(), "10 KB can be had")) return;
        blocks[i] = *block;
        check(aligned(blocks[i], default_alignment), "blocks have the default alignment");
        check(usable_size(blocks[i]) >= sizes[i] && usable_size(blocks[i]) != 0, "blocks hold what was asked for");
        expected += usable_size(blocks[i]);
        check(usage().allocated == expected, "usage counts what is allocated");
        check(usage().reserved >= usage().allocated, "allocated <= reserved");
        fill(blocks[i], usable_size(blocks[i]), static_cast<unsigned>(i));
    }
    for (std::size_t step = 0; step < std::size(sizes); ++step) {
        const std::size_t i = step * 5 % std::size(sizes);
        check(holds(blocks[i], usable_size(blocks[i]), static_cast<unsigned>(i)),
              "blocks keep what was written to them");
        expected -= usable_size(blocks[i]);
        release(blocks[i]);
        check(usage().allocated == expected, "usage counts what is released");
    }
    release(nullptr);
    check(usage().allocated == expected, "null is released without a trace");
}

void aligns(Check& check) noexcept {
    const std::size_t before = usage().allocated;
    for (std::size_t alignment = 1; alignment <= 4096; alignment *= 2) {
        const auto block = allocate(24, alignment);
        if (!check(block.has_value(), "alignments up to a page can be had")) return;
        check(aligned(*block, alignment) && aligned(*block, default_alignment), "blocks are aligned as asked for");
        fill(*block, usable_size(*block), 7);
        release(*block);
    }
    check(usage().allocated == before, "aligned blocks are released like others");
}

void reallocates(Check& check) noexcept {
    const std::size_t before = usage().allocated;
    const auto created = reallocate(nullptr, 10);
    if (!check(created.has_value(), "reallocate makes a block of none")) return;
    void* block = *created;
    void* neighbour = nullptr;
    fill(block, 10, 1);
    std::size_t size = 10;
    for (const std::size_t wanted : {20U, 20U, 500U, 30U, 5000U, 100U, 0U, 64U}) {
        const auto moved = reallocate(block, wanted);
        if (!check(moved.has_value(), "blocks grow and shrink")) return;
        block = *moved;
        check(aligned(block, default_alignment) && usable_size(block) >= wanted, "also in size and alignment");
        check(holds(block, wanted < size ? wanted : size, 1), "the contents stay, up to the smaller size");
        size = wanted;
        fill(block, size, 1);
        if (neighbour == nullptr) neighbour = allocate(1).value_or(nullptr);  // so that the next one moves
    }
    const auto too_much = reallocate(block, most / 2);
    check(!too_much && too_much.error() == Error::out_of_memory, "more than there is cannot be had");
    check(holds(block, size, 1), "the block that could not grow is untouched");
    release(block);
    release(neighbour);
    check(usage().allocated == before, "a moved block is counted once");
}

void uses_again_what_was_last(Check& check) noexcept {
    const auto first = allocate(200);
    if (!check(first.has_value(), "a block can be had")) return;
    release(*first);
    const std::size_t reserved = usage().reserved;
    for (int i = 0; i < 1000; ++i) {
        const auto block = allocate(200);
        if (!check(block.has_value(), "blocks can be had again and again")) return;
        release(*block);
    }
    // With checks it is held back, which a heap that only ever uses the last one again does not forgive.
    check(usage().reserved <= reserved + 1 || checks::exist() || asan::exist(), "a block released at once costs nothing");
}

void counts(Check& check) noexcept {
    const Statistics before = statistics();
    const auto first = allocate(100);
    const auto second = allocate(200);
    if (!check(first && second, "blocks can be had")) return;
    const auto moved = reallocate(*first, 300);
    check(statistics().blocks == before.blocks + 2 && statistics().allocations == before.allocations + 2,
          "live blocks and allocations are counted");
    const Usage high = usage();
    check(statistics().peak.allocated >= high.allocated && statistics().peak.reserved >= high.reserved,
          "peaks are no less than what there is");
    release(moved.value_or(*first));
    release(*second);
    const auto too_much = allocate(most / 2);
    check(!too_much && statistics().failures == before.failures + 1, "what cannot be had is counted");
    check(statistics().blocks == before.blocks && statistics().peak.allocated >= high.allocated,
          "released blocks are not, and peaks stay");
}

/// Takes all pages away, and gives them back at its end.
class NoPages {
public:
    NoPages() noexcept {
        for (std::size_t count = std::bit_floor(pages::usage().total.value); count != 0; count /= 2)
            while (const auto taken = pages::try_take(PageCount{count}))
                pieces_ = ::new (static_cast<void*>(*taken)) Piece{pieces_, count};
    }
    ~NoPages() {
        while (pieces_ != nullptr) {
            const Piece piece = *pieces_;
            pages::give_back(reinterpret_cast<std::byte*>(pieces_), PageCount{piece.count});
            pieces_ = piece.next;
        }
    }

private:
    struct Piece {
        Piece* next;
        std::size_t count;
    };
    Piece* pieces_ = nullptr;
};

/// Blocks in a list, the latest first.
struct Chain {
    Chain* next;
    std::byte rest[1000];
};

/// Blocks until there is no memory for another one.
Chain* exhaust(Check& check) noexcept {
    Chain* last = nullptr;
    for (;;) {
        const auto block = allocate(sizeof(Chain));
        if (!block) {
            check(block.error() == Error::out_of_memory, "memory runs out with an error that says so");
            return last;
        }
        last = ::new (*block) Chain{last, {}};
        last->rest[999] = std::byte{0x77};
    }
}

void survives_exhaustion(Check& check) noexcept {
    const std::size_t before = usage().allocated;
    void* const anchor = allocate(100).value_or(nullptr);  // so that the heap has something
    {
        const NoPages none;
        const std::size_t failures = statistics().failures;
        Chain* blocks = exhaust(check);
        check(statistics().failures == failures + 1, "running out is counted");
        const auto other = allocate(sizeof(Chain), 4096);
        check(!other && other.error() == Error::out_of_memory, "an alignment does not help");
        if (blocks != nullptr) {
            const auto larger = reallocate(blocks, 100'000);
            check(!larger && blocks->rest[999] == std::byte{0x77}, "a block that cannot grow is untouched");
            release(std::exchange(blocks, blocks->next));
            const auto again = allocate(sizeof(Chain));
            check(again.has_value(), "what is released can be had again");
            release(again.value_or(nullptr));
        }
        while (blocks != nullptr) release(std::exchange(blocks, blocks->next));
    }
    release(anchor);
    check(usage().allocated == before, "all is released");
    const auto block = allocate(50'000);
    check(block.has_value(), "with pages there is memory again");
    release(block.value_or(nullptr));
}

/// A cache of one block.
class Cache final : public pressure::Reclaimer {
public:
    void reclaim(PageCount) noexcept override {
        ++asked;
        inner = inner || allocate(10).has_value();
        release(std::exchange(block, nullptr));
    }
    Chain* block = nullptr;
    unsigned asked = 0;
    bool inner = false;
};

void gets_blocks_of_reclaimers(Check& check) noexcept {
    const std::size_t before = usage().allocated;
    void* const anchor = allocate(100).value_or(nullptr);
    {
        const NoPages none;
        Cache cache;
        Chain* blocks = exhaust(check);
        if (check(blocks != nullptr, "there is something to give back")) {
            cache.block = std::exchange(blocks, blocks->next);
            pressure::add(cache);
            const auto block = allocate(sizeof(Chain));
            check(block.has_value(), "a block that a reclaimer releases can be had");
            check(cache.asked != 0 && cache.block == nullptr && !cache.inner,
                  "it was asked, in the middle of the request, where it cannot allocate");
            if (block) blocks = ::new (*block) Chain{blocks, {}};
            cache.asked = 0;
            const auto more = allocate(sizeof(Chain));
            check(!more && cache.asked != 0, "one who has nothing does not help");
        }
        while (blocks != nullptr) release(std::exchange(blocks, blocks->next));
    }
    release(anchor);
    check(usage().allocated == before, "all is released, once");
}

}  // namespace

void conformance(Check& check) noexcept {
    refuses_what_can_never_be(check);
    keeps_blocks_apart(check);
    aligns(check);
    reallocates(check);
    uses_again_what_was_last(check);
    counts(check);
    survives_exhaustion(check);
    gets_blocks_of_reclaimers(check);
    keeps_blocks_apart(check);
}

}  // namespace unicore::memory::heap
