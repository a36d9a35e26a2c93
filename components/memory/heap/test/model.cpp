// SPDX-License-Identifier: BSD-3-Clause
#include "model.hpp"

#include <unicore/memory/heap.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <map>
#include <random>
#include <vector>

namespace unicore::test {
namespace {

namespace heap = memory::heap;

struct Live {
    std::size_t size;    ///< as asked for
    std::size_t usable;  ///< all of it is written to
    std::byte tag;
};

/// REQUIRE for what is checked a million times.
void must(bool holds, const char* what) {
    if (!holds) FAIL(what);
}

class Model {
public:
    explicit Model(std::uint64_t seed) : random_(seed), allocated_(heap::usage().allocated) {}

    void allocate(std::size_t largest) {
        const std::size_t size = random_size(largest);
        const std::size_t alignment = below(4) != 0 ? heap::default_alignment : std::size_t{1} << below(14);
        const auto block = heap::allocate(size, alignment);
        if (!block) {
            must(block.error() == Error::out_of_memory, "only memory can be missing");
            ++refused;
            return;
        }
        must(reinterpret_cast<std::uintptr_t>(*block) % std::max(alignment, heap::default_alignment) == 0,
             "blocks are aligned");
        add(*block, size);
    }

    void reallocate(std::size_t largest) {
        const auto [address, live] = *any();
        const std::size_t size = random_size(largest);
        const auto block = heap::reallocate(address, size);
        if (!block) {
            must(block.error() == Error::out_of_memory, "only memory can be missing");
            must(heap::usable_size(address) == live.usable, "a block that could not grow has its size");
            must(holds(address, live.usable, live.tag), "blocks keep what was written to them");
            ++refused;
            return;
        }
        must(holds(static_cast<std::byte*>(*block), std::min(live.usable, size), live.tag),
             "contents move with the block");
        live_.erase(address);
        allocated_ -= live.usable;
        add(*block, size);
    }

    void release() {
        const auto [address, live] = *any();
        must(holds(address, live.usable, live.tag), "blocks keep what was written to them");
        live_.erase(address);
        allocated_ -= live.usable;
        heap::release(address);
        verify();
    }

    std::size_t count() const { return live_.size(); }
    std::size_t below(std::size_t limit) { return static_cast<std::size_t>(random_() % limit); }

    std::size_t refused = 0;

private:
    std::map<std::byte*, Live>::iterator any() {
        // A random place among the addresses; good enough a choice, and fast.
        auto found = live_.lower_bound(
            live_.begin()->first + below(static_cast<std::size_t>(live_.rbegin()->first - live_.begin()->first) + 1));
        return found == live_.end() ? live_.begin() : found;
    }
    std::size_t random_size(std::size_t largest) {
        switch (below(8)) {
            case 0: return below(largest);
            case 1: return below(8192);
            case 2: return std::size_t{1} << below(13);
            default: return below(300);
        }
    }
    void add(void* block, std::size_t size) {
        auto* const address = static_cast<std::byte*>(block);
        const std::size_t usable = heap::usable_size(block);
        must(usable >= std::max<std::size_t>(size, 1), "blocks hold what was asked for");
        const auto behind = live_.lower_bound(address);
        must(behind == live_.end() || address + usable <= behind->first, "blocks do not overlap");
        if (behind != live_.begin()) {
            const auto before = std::prev(behind);
            must(before->first + before->second.usable <= address, "blocks do not overlap");
        }
        const std::byte tag{static_cast<unsigned char>(random_())};
        std::memset(address, static_cast<int>(tag), usable);
        live_[address] = {size, usable, tag};
        allocated_ += usable;
        verify();
    }
    static bool holds(const std::byte* address, std::size_t size, std::byte tag) {
        return size == 0 || (*address == tag && std::memcmp(address, address + 1, size - 1) == 0);
    }
    void verify() {
        must(heap::usage().allocated == allocated_, "usage counts live blocks");
        must(heap::usage().reserved >= allocated_, "allocated <= reserved");
    }

    std::mt19937_64 random_;
    std::map<std::byte*, Live> live_;
    std::size_t allocated_;
};

}  // namespace

std::uint64_t heap_seed() {
    if (const char* const given = std::getenv("UNICORE_SEED")) return std::strtoull(given, nullptr, 0);
    return std::random_device{}();
}

void exercise_heap(std::uint64_t seed, int rounds, std::size_t most_live, std::size_t largest) {
    INFO("UNICORE_SEED=" << seed);
    Model model(seed);
    for (int round = 0; round < rounds; ++round) {
        const bool filling = round / 500 % 2 == 0;  // swings between many blocks and few
        const std::size_t dice = model.below(10);
        if (model.count() == 0 || (model.count() < most_live && dice < (filling ? 6U : 2U))) model.allocate(largest);
        else if (dice < 8 && filling) model.reallocate(largest);
        else model.release();
    }
    while (model.count() != 0) model.release();
}

}  // namespace unicore::test
