// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/arch/mips/mappings.hpp>

#include <catch2/catch.hpp>

#include <random>
#include <vector>

using namespace unicore::arch::mips;

namespace {

constexpr std::uint32_t page = 4096, kib = 1024, mib = 1024 * kib;
constexpr std::uint32_t data = rights::read_write, constant = rights::read, device = rights::device;

/// What the TLB holds of `address` when it is filled for it: EntryLo as it would be of its page alone, 0 when not filled.
std::uint32_t low_of(const Mappings& mappings, std::uint32_t address) {
    const auto entry = mappings.entry_for(address);
    if (!entry) return 0;
    const std::uint32_t size = (entry->mask + 2 * page) / 2;
    REQUIRE((size & (size - 1)) == 0);
    REQUIRE(entry->high % (2 * size) == 0);
    REQUIRE(address - entry->high < 2 * size);
    const std::uint32_t inside = address % size / page * page;
    return entry->low[address - entry->high >= size] + (inside >> 6);
}

std::uint32_t size_of(const Mappings& mappings, std::uint32_t address) {
    const auto entry = mappings.entry_for(address);
    REQUIRE(entry);
    return (entry->mask + 2 * page) / 2;
}

}  // namespace

TEST_CASE("an address is mapped to itself, or to what kseg0 has there") {
    CHECK(physical(0x1234'5000) == 0x1234'5000);
    CHECK(physical(0x7fff'f000) == 0x7fff'f000);
    CHECK(physical(0xc010'0000) == 0x0010'0000);
    CHECK(physical(0x8010'0000) == 0x0010'0000);
}

TEST_CASE("nothing is mapped at first") {
    const Mappings mappings{};
    CHECK_FALSE(mappings.entry_for(0));
    CHECK_FALSE(mappings.entry_for(0xffff'ffff));
}

TEST_CASE("a page is mapped with its rights and none next to it") {
    Mappings mappings{};
    REQUIRE(mappings.add(5 * page, 6 * page, constant));
    CHECK(low_of(mappings, 5 * page) == (5 * page >> 6 | constant));
    CHECK(low_of(mappings, 6 * page - 1) == (5 * page >> 6 | constant));
    CHECK_FALSE(mappings.entry_for(4 * page));  // the other half of its pair
    CHECK_FALSE(mappings.entry_for(6 * page));
    const auto entry = mappings.entry_for(5 * page);
    CHECK(entry->low[0] == rights::global);  // not valid, and global like the other half
}

TEST_CASE("the halves of a pair may have rights of their own") {
    Mappings mappings{};
    REQUIRE(mappings.add(8 * page, 9 * page, constant));
    REQUIRE(mappings.add(9 * page, 10 * page, data));
    CHECK(low_of(mappings, 8 * page) == (8 * page >> 6 | constant));
    CHECK(low_of(mappings, 9 * page) == (9 * page >> 6 | data));
}

TEST_CASE("pages are as large as a pair fits in, up to 16 MiB") {
    Mappings mappings{};
    REQUIRE(mappings.add(page, 128 * mib, data));
    CHECK(size_of(mappings, page) == page);
    CHECK(size_of(mappings, 2 * page) == page);
    CHECK(size_of(mappings, 32 * kib) == 16 * kib);
    CHECK(size_of(mappings, 2 * mib) == mib);
    CHECK(size_of(mappings, 31 * mib) == 4 * mib);
    CHECK(size_of(mappings, 32 * mib) == 16 * mib);
    CHECK(size_of(mappings, 128 * mib - 1) == 16 * mib);
    CHECK(low_of(mappings, 48 * mib + 5) == (48 * mib >> 6 | data));
}

TEST_CASE("what is mapped already keeps its rights") {
    Mappings mappings{};
    REQUIRE(mappings.add(4 * page, 6 * page, constant));
    REQUIRE(mappings.add(2 * page, 9 * page, data));
    for (std::uint32_t at = 2; at != 9; ++at)
        CHECK(low_of(mappings, at * page) == (at * page >> 6 | (at == 4 || at == 5 ? constant : data)));
    CHECK_FALSE(mappings.entry_for(page));
    CHECK_FALSE(mappings.entry_for(9 * page));
}

TEST_CASE("neighbours with the same rights are one mapping") {
    Mappings mappings{};
    REQUIRE(mappings.add(0, mib, data));
    REQUIRE(mappings.add(2 * mib, 3 * mib, data));
    REQUIRE(mappings.add(mib, 2 * mib, data));
    CHECK(mappings.count == 1);
    REQUIRE(mappings.add(3 * mib, 4 * mib, device));
    CHECK(mappings.count == 2);
    REQUIRE(mappings.add(0, 4 * mib, constant));
    CHECK(mappings.count == 2);
}

TEST_CASE("a list that is full says so, and goes on with what touches it") {
    Mappings mappings{};
    for (std::uint32_t i = 0; i != Mappings::most; ++i) REQUIRE(mappings.add(2 * i * page, (2 * i + 1) * page, data));
    CHECK_FALSE(mappings.add(mib, 2 * mib, data));
    CHECK_FALSE(mappings.entry_for(mib));
    CHECK(mappings.add(page, 2 * page, data));
    CHECK(mappings.count == Mappings::most - 1);
    CHECK(mappings.add(mib, 2 * mib, data));
}

TEST_CASE("one page can be taken out") {
    for (const std::uint32_t which : {4u, 5u, 7u}) {
        Mappings mappings{};
        REQUIRE(mappings.add(4 * page, 8 * page, data));
        REQUIRE(mappings.remove(which * page));
        for (std::uint32_t at = 4; at != 8; ++at) CHECK((low_of(mappings, at * page) != 0) == (at != which));
        REQUIRE(mappings.remove(which * page));
        REQUIRE(mappings.add(4 * page, 8 * page, data));
        CHECK(mappings.count == 1);
    }
    Mappings mappings{};
    REQUIRE(mappings.add(page, 2 * page, data));
    REQUIRE(mappings.remove(page));
    CHECK(mappings.count == 0);
}

TEST_CASE("a page cannot be taken out of the middle of a full list") {
    Mappings mappings{};
    for (std::uint32_t i = 0; i != Mappings::most; ++i) REQUIRE(mappings.add(4 * i * page, (4 * i + 3) * page, data));
    CHECK_FALSE(mappings.remove(page));
    CHECK(low_of(mappings, page) != 0);
    CHECK(mappings.remove(0));
}

TEST_CASE("entries never overlap, and say what was mapped first") {
    std::mt19937 random(7);
    for (int round = 0; round < 40; ++round) {
        constexpr std::uint32_t pages = 512;
        const std::uint32_t base = round % 2 == 0 ? 0 : 0xc000'0000;
        Mappings mappings{};
        std::vector<std::uint32_t> expected(pages, 0);
        for (int i = 0; i < 8; ++i) {
            const std::uint32_t first = random() % pages, end = first + random() % (pages - first) + 1;
            const std::uint32_t right = i % 2 == 0 ? data : constant;
            REQUIRE(mappings.add(base + first * page, base + end * page, right));
            for (std::uint32_t at = first; at != end; ++at)
                if (expected[at] == 0) expected[at] = physical(base + at * page) >> 6 | right;
        }
        for (std::uint32_t at = 0; at != pages; ++at) {
            REQUIRE(low_of(mappings, base + at * page + random() % page) == expected[at]);
            const auto entry = mappings.entry_for(base + at * page);
            if (!entry) continue;
            // All of the entry's addresses yield the same one, or none: for the missing half of a pair.
            for (std::uint32_t other = entry->high; other - entry->high < entry->mask + 2 * page; other += page) {
                const auto same = mappings.entry_for(other);
                if (same) REQUIRE((same->high == entry->high && same->mask == entry->mask));
            }
        }
    }
}

TEST_CASE("guards leave room for devices") {
    Mappings mappings{};
    REQUIRE(mappings.add(0, 1000 * page, data));
    std::uint32_t guards = 0;
    for (; mappings.spare(); ++guards) REQUIRE(mappings.remove((2 * guards + 1) * page));
    CHECK(guards == Mappings::most - Mappings::most / 3 - 1);
    CHECK(Mappings::most - mappings.count >= 8);
    while (guards-- != 0) REQUIRE(mappings.add((2 * guards + 1) * page, (2 * guards + 2) * page, data));
    CHECK(mappings.count == 1);
}
