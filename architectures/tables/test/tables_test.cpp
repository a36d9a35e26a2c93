// SPDX-License-Identifier: BSD-3-Clause
// The walker with the format of Arm's long descriptors; with x86's it is tested in arch.x86_64.
#include <unicore/arch/tables/long_descriptor.hpp>
#include <unicore/arch/tables/walker.hpp>

#include <catch2/catch.hpp>

#include <memory>
#include <optional>
#include <utility>
#include <vector>

using namespace unicore;
using arch::Access;
using arch::tables::LongDescriptor;

namespace {

struct alignas(page_size) Frame {
    std::uint64_t entries[512]{};
};

/// Frames have a physical address of their own, as those of an image that is mapped elsewhere do.
constexpr std::uint64_t distance = std::uint64_t{1} << 20;

struct Format : LongDescriptor {
    static constexpr unsigned root_level = 2;
    static std::uint64_t frame_of(std::byte* frame) noexcept { return reinterpret_cast<std::uintptr_t>(frame) + distance; }
    static std::uint64_t* table_at(std::uint64_t entry) noexcept {
        return reinterpret_cast<std::uint64_t*>((entry & address_mask) - distance);
    }
};

struct Machine {
    Frame root;
    std::vector<std::unique_ptr<Frame>> frames;
    arch::tables::FrameReserve<4> reserve;
    arch::tables::PageTables<Format> tables{root.entries, reserve};

    Machine() {
        while (reserve.wanted() != 0) {
            frames.push_back(std::make_unique<Frame>());
            reserve.add(reinterpret_cast<std::byte*>(frames.back().get()));
        }
    }
    /// As the CPU would walk. [Arm DDI 0487, D8.2]
    std::optional<std::pair<std::uint64_t, std::size_t>> walk(std::uint64_t address) const {
        const std::uint64_t* table = root.entries;
        for (int shift = 30;; shift -= 9) {
            const std::uint64_t entry = table[address >> shift & 511];
            if ((entry & 1) == 0) return std::nullopt;
            if (shift == 12) {
                REQUIRE((entry & 2) != 0);
                return std::pair{entry, std::size_t{1} << shift};
            }
            if ((entry & 2) == 0) return std::pair{entry, std::size_t{1} << shift};
            table = reinterpret_cast<const std::uint64_t*>((entry & 0xfffffffff000) - distance);
        }
    }
};

constexpr std::size_t MiB = 1 << 20;
constexpr std::uint64_t never_executed = std::uint64_t{3} << 53;

}  // namespace

TEST_CASE("pages and blocks map to themselves, never executable") {
    Machine machine;
    REQUIRE(machine.tables.map({2 * MiB - page_size, 2 * MiB + 2 * page_size}, Access::read_write));
    for (const std::uint64_t address : {2 * MiB - page_size, 2 * MiB, 4 * MiB}) {
        const auto leaf = machine.walk(address);
        REQUIRE(leaf);
        CHECK((leaf->first & 0xfffffffff000) == address);
        CHECK((leaf->first & never_executed) == never_executed);
        CHECK((leaf->first & 0x7fc) == 0x700);  // memory, privileged read-write, inner shareable, accessed
    }
    CHECK(machine.walk(2 * MiB)->second == 2 * MiB);
    CHECK_FALSE(machine.walk(4 * MiB + page_size));
}

TEST_CASE("read-only and device mappings say so") {
    Machine machine;
    REQUIRE(machine.tables.map({MiB, page_size}, Access::read));
    REQUIRE(machine.tables.map({4 * MiB, page_size}, Access::device));
    CHECK((machine.walk(MiB)->first & 0x7fc) == 0x780);
    CHECK((machine.walk(4 * MiB)->first & 0x7fc) == 0x404);  // attribute 1, not shareable
    machine.tables.unmap_page(MiB);
    CHECK_FALSE(machine.walk(MiB));
}

TEST_CASE("without frames it is an error") {
    Machine machine;
    REQUIRE(machine.tables.map({0, page_size}, Access::read));
    REQUIRE(machine.tables.map({std::uintptr_t{1} << 30, page_size}, Access::read));
    const auto failed = machine.tables.map({std::uintptr_t{2} << 30, page_size}, Access::read);
    REQUIRE_FALSE(failed);
    CHECK(failed.error() == Error::out_of_memory);
}

namespace {

std::byte* no_page() noexcept { return nullptr; }

Frame* spare_frame = nullptr;
std::byte* one_page() noexcept { return reinterpret_cast<std::byte*>(std::exchange(spare_frame, nullptr)); }

}  // namespace

TEST_CASE("large pages are split, each once, and map what they did") {
    Machine machine;
    REQUIRE(machine.tables.map({2 * MiB, 8 * MiB}, Access::read_write));
    std::vector<std::uint64_t> replaced;
    const auto replace = [&](std::uint64_t& entry, std::uint64_t with, std::uint64_t first) noexcept {
        replaced.push_back(first);
        entry = with;
    };
    const MemoryRange stack{6 * MiB - page_size, 2 * page_size};
    REQUIRE(machine.tables.split(stack, no_page, replace));
    CHECK(replaced == std::vector<std::uint64_t>{4 * MiB, 6 * MiB});
    const auto large = machine.walk(2 * MiB);
    REQUIRE(large);
    CHECK(large->second == 2 * MiB);
    for (std::uint64_t address = 4 * MiB; address != 8 * MiB; address += page_size) {
        const auto leaf = machine.walk(address);
        REQUIRE(leaf);
        REQUIRE(leaf->second == page_size);
        REQUIRE((leaf->first & ~std::uint64_t{2}) == large->first - 2 * MiB + address);
    }
    REQUIRE(machine.tables.split(stack, no_page, replace));
    CHECK(replaced.size() == 2);

    machine.tables.unmap_page(stack.base);
    CHECK_FALSE(machine.walk(stack.base));
    CHECK(machine.walk(stack.base + page_size));
    REQUIRE(machine.tables.map({stack.base, page_size}, Access::read_write));
    CHECK(machine.walk(stack.base));
}

TEST_CASE("a table comes from the reserve, then from the caller, else it is an error") {
    Machine machine;
    REQUIRE(machine.tables.map({2 * MiB, 12 * MiB}, Access::read_write));
    const auto replace = [](std::uint64_t& entry, std::uint64_t with, std::uint64_t) noexcept { entry = with; };
    Frame frame;
    spare_frame = &frame;
    unsigned done = 0;
    while (machine.reserve.wanted() != machine.reserve.most) {
        REQUIRE(machine.tables.split({(2 + 2 * done) * MiB, page_size}, one_page, replace));
        ++done;
    }
    CHECK(spare_frame == &frame);
    REQUIRE(machine.tables.split({(2 + 2 * done) * MiB, page_size}, one_page, replace));
    CHECK(spare_frame == nullptr);
    ++done;
    const auto failed = machine.tables.split({(2 + 2 * done) * MiB, page_size}, one_page, replace);
    REQUIRE_FALSE(failed);
    CHECK(failed.error() == Error::out_of_memory);
    CHECK(machine.walk((2 + 2 * done) * MiB)->second == 2 * MiB);
}
