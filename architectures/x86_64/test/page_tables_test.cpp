// SPDX-License-Identifier: BSD-3-Clause
// The tables are ordinary memory whose address is its physical address, so they work on the host.
#include "../gate.hpp"
#include "../page_tables.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <memory>
#include <optional>
#include <vector>

using namespace unicore;
using namespace unicore::arch::x86_64;
using unicore::arch::Access;

namespace {

struct alignas(page_size) Frame {
    std::uint64_t entries[512]{};
};

struct Machine {
    Frame root;
    std::vector<std::unique_ptr<Frame>> frames;
    FrameReserve reserve;
    PageTables tables{root.entries, reserve};

    void supply() {
        while (reserve.wanted() != 0) {
            frames.push_back(std::make_unique<Frame>());
            for (std::uint64_t& entry : frames.back()->entries) entry = ~std::uint64_t{0};  // not zeroed for it
            reserve.add(reinterpret_cast<std::byte*>(frames.back().get()));
        }
    }
    /// The leaf entry and the bytes that it covers, as the CPU would walk. [Intel SDM vol. 3A, 4.5.4]
    std::optional<std::pair<std::uint64_t, std::size_t>> walk(std::uint64_t address) const {
        const std::uint64_t* table = root.entries;
        for (int shift = 39;; shift -= 9) {
            const std::uint64_t entry = table[address >> shift & 511];
            if ((entry & 1) == 0) return std::nullopt;
            if (shift == 12 || (entry & 0x80) != 0) return std::pair{entry, std::size_t{1} << shift};
            table = reinterpret_cast<const std::uint64_t*>(entry & 0xffffffffff000);
        }
    }
    std::uint64_t translate(std::uint64_t address) const {
        const auto leaf = walk(address);
        REQUIRE(leaf);
        return (leaf->first & 0xffffffffff000 & ~(leaf->second - 1)) | (address & (leaf->second - 1));
    }
};

constexpr std::size_t MiB = 1 << 20;
constexpr std::uint64_t no_execute = std::uint64_t{1} << 63;

}  // namespace

TEST_CASE("a range is mapped to itself, in large pages where they fit") {
    Machine machine;
    machine.supply();
    // 1 page, then up to 4 MiB, then 2 large pages, then 3 pages
    const MemoryRange range{4 * MiB - page_size, 4 * MiB + 4 * page_size};
    REQUIRE(machine.tables.map(range, Access::read_write));
    for (std::uint64_t address = range.base; address < range.end(); address += page_size)
        CHECK(machine.translate(address + 5) == address + 5);
    CHECK(machine.walk(4 * MiB)->second == 2 * MiB);
    CHECK(machine.walk(6 * MiB)->second == 2 * MiB);
    CHECK(machine.walk(8 * MiB)->second == page_size);
    CHECK_FALSE(machine.walk(range.base - 1));
    CHECK_FALSE(machine.walk(range.end()));
}

TEST_CASE("nothing is executable, and only what was asked for is writable or uncached") {
    Machine machine;
    machine.supply();
    REQUIRE(machine.tables.map({MiB, page_size}, Access::read));
    REQUIRE(machine.tables.map({2 * MiB, page_size}, Access::read_write));
    machine.supply();
    REQUIRE(machine.tables.map({4 * MiB, 2 * MiB}, Access::device));
    CHECK((machine.walk(MiB)->first & (no_execute | 0x1b)) == (no_execute | 0x01));
    CHECK((machine.walk(2 * MiB)->first & (no_execute | 0x1b)) == (no_execute | 0x03));
    CHECK((machine.walk(4 * MiB)->first & (no_execute | 0x1b)) == (no_execute | 0x1b));
}

TEST_CASE("what is mapped already stays as it is") {
    Machine machine;
    machine.supply();
    REQUIRE(machine.tables.map({2 * MiB + page_size, page_size}, Access::read));
    REQUIRE(machine.tables.map({2 * MiB, 2 * MiB}, Access::read_write));
    CHECK((machine.walk(2 * MiB + page_size)->first & 2) == 0);
    CHECK((machine.walk(2 * MiB)->first & 2) != 0);
    REQUIRE(machine.tables.map({4 * MiB, 2 * MiB}, Access::read));
    REQUIRE(machine.tables.map({4 * MiB + 5 * page_size, 2 * MiB}, Access::read_write));
    CHECK((machine.walk(4 * MiB + 5 * page_size)->first & 2) == 0);
    CHECK(machine.translate(6 * MiB + 4 * page_size) == 6 * MiB + 4 * page_size);
}

TEST_CASE("running out of frames for tables is an error, and no entry points at rubbish") {
    Machine machine;
    machine.supply();
    const auto failed = [&] {
        for (std::uint64_t address = 0;; address += std::uint64_t{1} << 39)
            if (const auto result = machine.tables.map({address, page_size}, Access::read_write); !result) return result.error();
    }();
    CHECK(failed == Error::out_of_memory);
    machine.supply();
    CHECK(machine.tables.map({std::uint64_t{1} << 39, page_size}, Access::read_write));
    CHECK(machine.translate((std::uint64_t{1} << 39) + 1) == (std::uint64_t{1} << 39) + 1);
}

TEST_CASE("a page can be taken away") {
    Machine machine;
    machine.supply();
    REQUIRE(machine.tables.map({0, 3 * page_size}, Access::read_write));
    machine.tables.unmap_page(0);
    CHECK_FALSE(machine.walk(0));
    CHECK(machine.walk(page_size));
    REQUIRE(machine.tables.map({0, page_size}, Access::read));
    CHECK((machine.walk(0)->first & 2) == 0);
}

TEST_CASE("a gate keeps its entry's address in three pieces") {
    constexpr Gate gate = Gate::create(0x1234'5678'9abc'def0, 3);
    CHECK(std::bit_cast<std::array<std::uint64_t, 2>>(gate) ==
          std::array<std::uint64_t, 2>{0x9abc'8e03'0008'def0, 0x1234'5678});
}
