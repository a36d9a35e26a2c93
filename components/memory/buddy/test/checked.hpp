// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "../../pages/test/fake_platform.hpp"
#include "../allocator.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstring>
#include <map>
#include <random>
#include <set>
#include <vector>

namespace unicore::memory::buddy {
namespace {

using test::FakePlatform;

/// REQUIRE for what is checked a million times.
inline void must(bool holds, const char* what) {
    if (!holds) FAIL(what);
}

/// An allocator over a fake platform, with a simple model of what it must have done.
class Checked {
public:
    explicit Checked(std::vector<FakePlatform::Shape> shapes) : platform(std::move(shapes)) {
        allocator.start(platform.ranges());
    }

    /// Takes, checks what came, writes to it. 0 for none.
    Page take(std::size_t count, std::size_t alignment = 1) {
        const Page first = allocator.take(count, alignment);
        if (first == 0) return 0;
        must(first % alignment == 0, "pages are aligned as asked for");
        for (Page page = first; page != first + count; ++page) {
            must(platform.usable(pointer(page)), "pages are the platform's to give");
            must(tags_.emplace(page, next_tag_).second, "no page is taken twice");
            write(page, next_tag_++);
        }
        pieces.emplace(first, count);
        return first;
    }

    /// Gives `count` pages from `first` on back, which are part of one piece; what they hold must be
    /// what was written.
    void give_back(Page first, std::size_t count) {
        const auto piece = std::prev(pieces.upper_bound(first));
        const auto [start, size] = *piece;
        must(first + count <= start + size, "the test gives back what it has");
        for (Page page = first; page != first + count; ++page) {
            must(holds(page, tags_.at(page)), "pages keep what was written to them");
            tags_.erase(page);
        }
        pieces.erase(piece);
        if (first != start) pieces.emplace(start, first - start);
        if (first + count != start + size) pieces.emplace(first + count, start + size - first - count);
        allocator.give_back(first, count);
    }

    void give_everything_back() {
        while (!pieces.empty()) give_back(pieces.begin()->first, pieces.begin()->second);
    }

    /// Every adopted page is the platform's, the map's, taken, or in one free block; buddies are merged.
    void verify() const {
        std::size_t free = 0;
        for (const Region& region : allocator.regions()) {
            must(region.first <= region.frontier && region.frontier <= region.limit, "first <= frontier <= limit");
            for (Page page = region.first; page < region.frontier;) {
                const std::size_t size = region.size_at(page);
                if (size == 0) {
                    ++page;
                    continue;
                }
                const Page buddy = page ^ size;
                must(page % size == 0, "blocks are aligned to their size");
                must(page + size <= region.frontier, "blocks are adopted");
                must(!region.adopted(buddy) || region.size_at(buddy) != size, "buddies are merged");
                for (Page inside = page + 1; inside != page + size; ++inside)
                    must(region.mark(inside) == 0, "no block starts inside of another");
                for (Page inside = page; inside != page + size; ++inside) {
                    must(!tags_.contains(inside), "no free page is taken");
                    must(platform.usable(pointer(inside)), "no free page is kept");
                }
                free += size;
                page += size;
            }
        }
        REQUIRE(allocator.usage().taken.value == tags_.size());
        REQUIRE(allocator.usage().committed.value == tags_.size() + free);
        REQUIRE(platform.kept_intact());
    }

    std::size_t map_pages() const {
        std::size_t all = 0;
        for (const MemoryRange& range : platform.ranges()) all += range.size / page_size;
        return pages_for(all).value;
    }

    static std::byte* pointer(Page page) { return reinterpret_cast<std::byte*>(page * page_size); }

    FakePlatform platform;
    Allocator allocator{};
    std::map<Page, std::size_t> pieces;  ///< taken: first page and count

private:
    static void write(Page page, std::uint64_t tag) {
        for (const std::size_t offset : {std::size_t{0}, page_size / 2, page_size - sizeof tag})
            std::memcpy(pointer(page) + offset, &tag, sizeof tag);
    }
    static bool holds(Page page, std::uint64_t tag) {
        for (const std::size_t offset : {std::size_t{0}, page_size / 2, page_size - sizeof tag})
            if (std::memcmp(pointer(page) + offset, &tag, sizeof tag) != 0) return false;
        return true;
    }

    std::map<Page, std::uint64_t> tags_;
    std::uint64_t next_tag_ = 1;
};

/// Machines, as shapes of memory.
inline const std::vector<FakePlatform::Shape> tiny{{0x1, 0x9e}, {0x10c, 0x14}};  // 1,152 KiB
inline const std::vector<FakePlatform::Shape> small{{0x1, 0x9e}, {0x10c, 0x8000 - 0x10c}};  // 128 MiB
inline const std::vector<FakePlatform::Shape> odd{{1, 7},    {9, 1},      {11, 33},    {512, 512}, {1025, 1022},
                                                  {2047, 1}, {2048, 700}, {2748, 900}, {5000, 3}};

}  // namespace
}  // namespace unicore::memory::buddy
