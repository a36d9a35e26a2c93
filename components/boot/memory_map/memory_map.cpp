// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/boot/memory_map.hpp>

#include <unicore/base/text.hpp>

#include <algorithm>
#include <array>
#include <cstddef>

extern "C" {
extern const std::byte unicore_image_first[];
extern const std::byte unicore_image_end[];
}

namespace unicore::boot::memory_map {
namespace {

constexpr std::size_t most_ranges = 16;
constinit std::array<MemoryRange, most_ranges> list{};
constinit std::size_t count = 0;
constinit std::uint64_t last_end = 0;

/// Adds the whole pages of [first, end).
void add_pages(std::uint64_t first, std::uint64_t end) noexcept {
    first = align_up(first, page_size);
    end = align_down(end, page_size);
    if (first >= end) return;
    if (count == most_ranges) return text::report("more than 16 ranges of memory; the rest is not used");
    list[count++] = {first, end - first};
}

}  // namespace

void add(std::uint64_t first, std::uint64_t end) noexcept {
    // What 4-level page tables can map to itself: the lower half of the address space.
    constexpr std::uint64_t limit = std::uint64_t{1} << 47;
    if (first < last_end || end < first || end > limit)
        return text::report("a memory range overlaps another or is out of reach; it is not used");
    last_end = end;
    // Null page and image are not ours to give away.
    const auto address = [](const std::byte* symbol) { return reinterpret_cast<std::uintptr_t>(symbol); };
    add_pages(std::max<std::uint64_t>(first, page_size), std::min(end, address(unicore_image_first)));
    add_pages(std::max(first, address(unicore_image_end)), end);
}

std::span<const MemoryRange> ranges() noexcept { return {list.data(), count}; }

}  // namespace unicore::boot::memory_map
