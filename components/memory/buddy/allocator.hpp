// SPDX-License-Identifier: BSD-3-Clause
/// The allocator as a class, which tests make many of. Private to this folder. In an unnamed
/// namespace on purpose: the one source that includes it compiles to a tenth less than with linkage.
#pragma once

#include <unicore/base/panic.hpp>
#include <unicore/memory/freelist.hpp>
#include <unicore/memory/pages.hpp>
#include <unicore/platform.hpp>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <span>

namespace unicore::memory::buddy {
namespace {

using namespace std::string_view_literals;
using freelist::FreeList;
using freelist::Link;

/// Number of a page: its address divided by the page size. Unlike addresses, page numbers and their
/// sums do not overflow at the end of the address space. 0 stands for none.
using Page = std::uintptr_t;

/// More ranges than the memory map of any virtual machine has.
constexpr std::size_t most_regions = 16;

/// The step in which memory is adopted, in pages: what a platform can map with one entry.
constexpr std::size_t chunk = (2U << 20) / page_size;

/// Pages that the platform may keep for page tables out of `pages`: one per 2 MiB, and those above;
/// never all of 8. A guess: where it is too low, a request takes longer but does not fail.
constexpr std::size_t tables_for(std::size_t pages) noexcept { return 8 + pages / chunk; }

/// Pages [first, limit) that the platform offers; [first, frontier) were adopted.
struct Region {
    Page first;
    Page frontier;
    Page limit;
    /// The map has one byte per page: where a free block of 2^n pages starts n + 1, else 0. Bytes of
    /// pages beyond the frontier are undefined. This is where page 0 would have its byte.
    std::uintptr_t map;

    bool adopted(Page page) const noexcept { return page - first < frontier - first; }
    std::uint8_t& mark(Page page) const noexcept { return *reinterpret_cast<std::uint8_t*>(map + page); }
    /// The size of the free block that starts at `page`; 0 when none does.
    std::size_t size_at(Page page) const noexcept { return (Page{1} << mark(page)) >> 1; }
    [[maybe_unused]] bool taken(Page first, Page end) const noexcept;
};

/// Whether no page of [begin, end) is free. Takes time; for assertions.
bool Region::taken(Page begin, Page end) const noexcept {
    // A free page is in a block that starts in front of the range, at a multiple of its size…
    for (std::size_t size = 2; align_down(begin, size) >= first; size *= 2)
        if (size_at(align_down(begin, size)) > begin % size) return false;
    // … or inside it.
    while (begin != end && mark(begin) == 0) ++begin;
    return begin == end;
}

/// The free blocks of all regions: powers of two of pages, aligned to their size, buddies merged.
class Blocks {
public:
    /// Frees the adopted pages [first, end) of `region`.
    void insert(const Region& region, Page first, Page end) noexcept {
        while (first != end) {
            // The largest block that may start here and ends in time.
            std::size_t size = first & -first;
            while (size > end - first) size /= 2;
            Page page = first;
            first += size;
            for (Page buddy; buddy = page ^ size, region.adopted(buddy) && region.size_at(buddy) == size; size *= 2) {
                remove(region, buddy);
                page &= buddy;
            }
            [[assume(size != 0)]];
            const auto order = std::countr_zero(size);
            region.mark(page) = static_cast<std::uint8_t>(order + 1);
            sizes_ |= size;
            free_[order].push_front(reinterpret_cast<Link*>(page * page_size));
        }
    }

    /// Takes the free block at `page` out; returns the page behind it.
    Page remove(const Region& region, Page page) noexcept {
        std::uint8_t& mark = region.mark(page);
        UNICORE_ASSERT(mark != 0 && mark <= orders);
        const std::size_t size = region.size_at(page);
        FreeList& list = free_[mark - 1];
        list.remove(reinterpret_cast<Link*>(page * page_size));
        if (list.empty()) sizes_ -= size;
        mark = 0;
        return page + size;
    }

    /// A free block of at least `size` pages, a power of two, or null. It stays free.
    const Link* find(std::size_t size) const noexcept {
        const Page enough = sizes_ & -size;
        return enough == 0 ? nullptr : free_[std::countr_zero(enough)].front();
    }

private:
    /// There can be one order for every bit that an address has above the page.
    static constexpr unsigned orders = sizeof(Page) * 8 - 12;

    Page sizes_ = 0;  ///< of the blocks that there are: bit n is set when free_[n] is not empty
    FreeList free_[orders]{};
};

class Allocator {
public:
    void start(std::span<const MemoryRange> ranges) noexcept;
    /// The first of `count` pages at a multiple of `alignment` pages, or 0.
    Page take(std::size_t count, std::size_t alignment) noexcept;
    void give_back(Page first, std::size_t count) noexcept;
    const pages::Usage& usage() const noexcept { return usage_; }
    std::span<const Region> regions() const noexcept { return regions_; }

private:
    bool adopt(Region& region, std::size_t count) noexcept;
    Page carve(const Region* region, std::size_t count, std::size_t alignment) noexcept;
    const Region& region_of(Page page) const noexcept;

    pages::Usage usage_{};
    std::size_t map_ = 0;  ///< pages that the map takes, until it has a place
    Region regions_[most_regions + 1]{};  ///< the last one is always empty
    Blocks blocks_{};
};

void Allocator::start(std::span<const MemoryRange> ranges) noexcept {
    if (ranges.size() > most_regions) panic("memory.buddy: over 16 memory ranges"sv);
    std::size_t total = 0;
    Region* region = regions_;
    for (const MemoryRange& range : ranges) {
        const std::size_t size = range.size / page_size;
        const Page first = range.base / page_size;
        *region++ = {first, first, first + size, total - first};
        total += size;
    }
    map_ = align_up(total, page_size) / page_size;
    usage_.total.value = total - map_;
}

/// Makes free blocks of the next `count` pages of `region`, or somewhat more. False when it has none
/// left, or the platform refuses.
bool Allocator::adopt(Region& region, std::size_t count) noexcept {
    const Page begin = region.frontier;
    // The first region that is adopted is where the map goes, so it must be worth it.
    if (region.limit - begin <= 2 * map_) return false;
    count += map_;
    const Page end = std::min(align_up(begin + count + tables_for(count), chunk), region.limit);
    const Result<MemoryRange> left = platform::commit({begin * page_size, (end - begin) * page_size});
    if (!left) return false;
    region.frontier = end;
    std::size_t size = left->size / page_size;
    UNICORE_ASSERT(size <= end - begin && (size == 0 || left->base == (end - size) * page_size));
    usage_.total.value -= end - begin - size;
    if (map_ != 0) {
        if (size < map_) {  // Only just possible, and lost: there is nowhere to note that it is free.
            usage_.total.value -= size;
            return false;
        }
        for (Region& each : regions_) each.map += left->base;
        size -= map_;
        map_ = 0;
    }
    std::memset(&region.mark(begin), 0, end - begin);
    usage_.committed.value += size;
    blocks_.insert(region, end - size, end);
    return true;
}

/// Takes pages out of a free block; failing that, out of the first run of adjacent free blocks of
/// `region` that will do, which takes time but misses nothing. Returns 0 for none.
Page Allocator::carve(const Region* region, std::size_t count, std::size_t alignment) noexcept {
    std::size_t size = alignment;
    while (size < count) size *= 2;
    Page page = region->first;
    if (const Link* const block = blocks_.find(size); block != nullptr) {
        page = reinterpret_cast<std::uintptr_t>(block) / page_size;
        region = &region_of(page);
    }
    Page run = page;
    Page first = 0;
    do {
        if (page >= region->frontier) return 0;
        size = region->size_at(page);
        page += size;
        if (size == 0) run = ++page;
        first = align_up(run, alignment);
    } while (first + count > page);
    for (Page next = run; next != page;) next = blocks_.remove(*region, next);
    blocks_.insert(*region, run, first);
    blocks_.insert(*region, first + count, page);
    usage_.taken.value += count;
    return first;
}

const Region& Allocator::region_of(Page page) const noexcept {
    const Region* region = regions_;
    for (; !region->adopted(page); ++region) UNICORE_ASSERT(region != regions_ + most_regions);
    return *region;
}

Page Allocator::take(std::size_t count, std::size_t alignment) noexcept {
    if (count > usage_.total.value - usage_.taken.value) return 0;
    Page page = carve(&regions_[most_regions], count, alignment);
    // First round: regions that have fresh memory. Second round: whatever there is.
    for (std::size_t i = 0; page == 0 && i != 2 * most_regions; ++i) {
        Region& region = regions_[i % most_regions];
        if (adopt(region, count + alignment) || i >= most_regions) page = carve(&region, count, alignment);
    }
    return page;
}

void Allocator::give_back(Page first, std::size_t count) noexcept {
    const Region& region = region_of(first);
    UNICORE_ASSERT(count <= region.frontier - first && count <= usage_.taken.value);
    UNICORE_ASSERT(region.taken(first, first + count));
    usage_.taken.value -= count;
    blocks_.insert(region, first, first + count);
}

}  // namespace
}  // namespace unicore::memory::buddy
