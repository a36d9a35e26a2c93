// SPDX-License-Identifier: BSD-3-Clause
// Random operations against the model. UNICORE_SEED=n repeats a run.
#include "checked.hpp"

#include <cstdlib>

namespace unicore::memory::buddy {
namespace {

std::uint64_t seed() {
    if (const char* const given = std::getenv("UNICORE_SEED")) return std::strtoull(given, nullptr, 0);
    return std::random_device{}();
}

void exercise(Checked& machine, std::uint64_t seed, int rounds, std::size_t largest) {
    std::mt19937_64 random(seed);
    const auto below = [&](std::size_t limit) { return static_cast<std::size_t>(random() % limit); };
    for (int round = 0; round < rounds; ++round) {
        // Swings between filling up and draining, so that both ends are reached.
        const bool filling = round / 200 % 2 == 0;
        if (machine.pieces.empty() || below(10) < (filling ? 7U : 3U)) {
            const std::size_t count = below(4) != 0 ? 1 + below(9) : 1 + below(largest);
            const std::size_t alignment = below(3) != 0 ? 1 : std::size_t{1} << below(8);
            const std::size_t free = machine.allocator.usage().total.value - machine.allocator.usage().taken.value;
            const Page first = machine.take(count, alignment);
            if (first == 0 && count == 1 && alignment == 1 && !machine.platform.refuse) REQUIRE(free == 0);
        } else {
            auto piece = machine.pieces.lower_bound(machine.pieces.begin()->first + below(1 << 15));
            if (piece == machine.pieces.end()) piece = machine.pieces.begin();
            const auto [first, count] = *piece;
            const std::size_t skip = below(3) == 0 ? below(count) : 0;
            machine.give_back(first + skip, below(3) == 0 ? 1 + below(count - skip) : count - skip);
        }
        if (round % 64 == 0) machine.verify();
    }
    machine.platform.refuse = nullptr;
    machine.give_everything_back();
    machine.verify();
    // Coalesced: what is left are the blocks that the adopted ranges fall into, and nothing smaller.
    REQUIRE(machine.allocator.usage().taken.value == 0);
}

}  // namespace

TEST_CASE("memory.buddy: random operations agree with the model") {
    const std::uint64_t chosen = seed();
    INFO("UNICORE_SEED=" << chosen);
    SECTION("on the smallest machine") {
        Checked machine(tiny);
        machine.platform.keep = [](std::size_t) { return std::size_t{2}; };
        exercise(machine, chosen, 4000, 60);
    }
    SECTION("on 128 MiB") {
        Checked machine(small);
        exercise(machine, chosen, 1500, 3000);
    }
    SECTION("on many odd ranges") {
        Checked machine(odd);
        machine.platform.keep = [](std::size_t pages) { return pages % 5; };
        exercise(machine, chosen, 4000, 700);
    }
    SECTION("on many odd ranges, with a platform that refuses one time in two") {
        Checked machine(odd);
        std::minstd_rand coin(static_cast<unsigned>(chosen));
        machine.platform.keep = [](std::size_t pages) { return pages / 16; };
        machine.platform.refuse = [&](MemoryRange) { return coin() % 2 == 0; };
        exercise(machine, chosen, 4000, 700);
    }
}

TEST_CASE("memory.buddy: a page at a time, to the end and back, in random order") {
    const std::uint64_t chosen = seed();
    INFO("UNICORE_SEED=" << chosen);
    Checked machine(odd);
    std::vector<Page> pages;
    for (Page page; (page = machine.take(1)) != 0;) pages.push_back(page);
    CHECK(machine.allocator.usage().taken == machine.allocator.usage().total);
    CHECK(machine.allocator.usage().taken == machine.allocator.usage().committed);
    std::shuffle(pages.begin(), pages.end(), std::mt19937_64(chosen));
    for (const Page page : pages) machine.give_back(page, 1);
    machine.verify();
    CHECK(machine.take(900) != 0);
}

}  // namespace unicore::memory::buddy
