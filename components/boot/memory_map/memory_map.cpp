// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/boot/memory_map.hpp>

#include <unicore/arch/mapping.hpp>
#include <unicore/base/panic.hpp>
#include <unicore/base/text.hpp>
#include <unicore/base/units.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

extern "C" {
extern const std::byte unicore_image_first[];
extern const std::byte unicore_image_end[];
}

namespace unicore::boot::memory_map {
using namespace std::string_view_literals;
namespace {

constexpr std::size_t most_ranges = 16;
constinit std::array<MemoryRange, most_ranges> list{};
constinit std::size_t count = 0;
constinit std::uint64_t last_end = 0;

/// [first, end) that nobody may have.
struct Hole {
    std::uint64_t first, end;
};
constexpr std::size_t most_holes = 16;
constinit std::array<Hole, most_holes> holes{};
constinit std::size_t hole_count = 0;

/// Adds the whole pages of [first, end), without the holes from `hole` on.
void add_pages(std::uint64_t first, std::uint64_t end, std::size_t hole) noexcept {
    for (; hole != hole_count; ++hole) {
        if (holes[hole].first >= end || holes[hole].end <= first) continue;
        add_pages(first, holes[hole].first, hole + 1);
        first = holes[hole].end;
    }
    first = align_up(first, page_size);
    end = align_down(end, page_size);
    if (first >= end) return;
    if (count == most_ranges) return text::report("more than 16 ranges of memory; the rest is not used");
    list[count++] = {static_cast<std::uintptr_t>(first), static_cast<std::size_t>(end - first)};
}

}  // namespace

void keep(std::uint64_t first, std::uint64_t end) noexcept {
    if (hole_count == most_holes) panic("more than 16 parts of memory are reserved"sv);
    // Whoever says what is reserved may be wrong about where that ends: then nothing behind it is given away.
    holes[hole_count++] = {first, end < first ? ~std::uint64_t{0} : end};
}

void keep_own() noexcept {
    keep(0, page_size);
    keep(reinterpret_cast<std::uintptr_t>(unicore_image_first), reinterpret_cast<std::uintptr_t>(unicore_image_end));
}

void add(std::uint64_t first, std::uint64_t end) noexcept {
    if (first < last_end || end < first || end > arch::mapping_end)
        return text::report("a memory range overlaps another or is out of reach; it is not used");
    last_end = end;
    add_pages(first, end, 0);
}

std::span<const MemoryRange> ranges() noexcept { return {list.data(), count}; }

}  // namespace unicore::boot::memory_map
