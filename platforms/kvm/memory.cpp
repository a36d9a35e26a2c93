// SPDX-License-Identifier: BSD-3-Clause
#include "kvm.hpp"

#include <unicore/arch/x86_64/paging.hpp>
#include <unicore/platform.hpp>

#include <algorithm>
#include <array>

extern "C" {
extern const std::byte unicore_image_first[];
extern const std::byte unicore_image_end[];
}

namespace unicore::platform {
using namespace std::string_view_literals;
namespace {

constexpr std::size_t most_ranges = 16;
constinit std::array<MemoryRange, most_ranges> ranges{};
constinit std::size_t range_count = 0;

/// What the loader's memory is not ours to give away: null page and image. Ascending.
struct Hole {
    std::uint64_t first, end;
};

/// Adds the whole pages of [first, end).
void add(std::uint64_t first, std::uint64_t end) noexcept {
    first = align_up(first, page_size);
    end = align_down(end, page_size);
    if (first >= end) return;
    if (range_count == most_ranges) return kvm::complain("more than 16 ranges of memory; the rest is not used"sv);
    ranges[range_count++] = {first, end - first};
}

}  // namespace

void kvm::set_memory_map(std::span<const MemoryMapEntry> map) noexcept {
    // What 4-level page tables can map to itself: the lower half of the address space.
    constexpr std::uint64_t limit = std::uint64_t{1} << 47;
    const auto address = [](const std::byte* symbol) { return reinterpret_cast<std::uintptr_t>(symbol); };
    const Hole holes[] = {{0, page_size}, {address(unicore_image_first), address(unicore_image_end)}};
    std::uint64_t last_end = 0;
    for (const MemoryMapEntry& entry : map) {
        if (entry.type != MemoryMapEntry::ram) continue;
        const std::uint64_t end = entry.address + entry.size;
        if (entry.address < last_end || end < entry.address || end > limit) {
            complain("a memory range overlaps another or is out of reach; it is not used"sv);
            continue;
        }
        last_end = end;
        std::uint64_t first = entry.address;
        for (const Hole& hole : holes) {
            add(first, std::min(end, hole.first));
            first = std::max(first, hole.end);
        }
        add(first, end);
    }
}

std::span<const MemoryRange> memory() noexcept { return {ranges.data(), range_count}; }

Result<MemoryRange> commit(MemoryRange range) noexcept {
    if (const auto mapped = arch::x86_64::map(range, arch::x86_64::Access::read_write); !mapped)
        return unexpected(mapped.error());
    // What the mapping took from the reserve of page-table frames is replaced from what it yielded.
    while (range.size > page_size && arch::x86_64::table_frames_wanted() != 0) {
        arch::x86_64::add_table_frame(reinterpret_cast<std::byte*>(range.base));
        range.base += page_size;
        range.size -= page_size;
    }
    return range;
}

}  // namespace unicore::platform
