// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/memory/bump/config.hpp>
#include <unicore/memory/heap/provider.hpp>
#include <unicore/memory/pages.hpp>

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace unicore::memory::bump {
namespace {

constexpr std::size_t word = sizeof(std::size_t);
constexpr std::size_t granule = heap::default_alignment;
/// The largest request, in bytes: sums of a few of them do not overflow.
constexpr std::size_t most = static_cast<std::size_t>(-1) / 8;

/// The free rest of an area, [cursor, end). The word in front of a block has its capacity.
struct Rest {
    std::uintptr_t cursor;
    std::uintptr_t end;
};
constinit Rest rest{};
constinit void* last = nullptr;  ///< the block that ends at the cursor
constinit heap::Usage totals{};

std::size_t& capacity(void* block) noexcept { return static_cast<std::size_t*>(block)[-1]; }

/// What a block of `size` bytes can hold, so that the block behind it is aligned without a gap.
constexpr std::size_t capacity_for(std::size_t size) noexcept {
    return align_up(std::max<std::size_t>(size, 1) + word, granule) - word;
}

/// Makes `from` begin with a block, if it has the room.
void* place(Rest& from, std::size_t size, std::size_t alignment) noexcept {
    const std::uintptr_t start = align_up(from.cursor + word, std::max(alignment, granule));
    const std::size_t room = capacity_for(size);
    if (start + room > from.end) return nullptr;
    from.cursor = start + room;
    auto* const block = reinterpret_cast<void*>(start);
    capacity(block) = room;
    totals.allocated += room;
    return block;
}

}  // namespace
}  // namespace unicore::memory::bump

namespace unicore::memory::heap {

using namespace bump;

void* provider::allocate(std::size_t size, std::size_t alignment) noexcept {
    if (size > most || alignment > most) return nullptr;
    if (void* const block = place(rest, size, alignment); block != nullptr) return last = block;

    const PageCount needed = pages_for(size + alignment + 2 * granule);
    PageCount count = std::max(needed, PageCount{static_cast<std::size_t>(bump::config::growth)});
    auto area = take_pages(count, page_size, static_cast<pages::Need>(count == needed));
    if (!area && count != needed) area = take_pages(count = needed, page_size, pages::Need::urgent);
    if (!area) return nullptr;
    totals.reserved += count.bytes();
    const auto start = reinterpret_cast<std::uintptr_t>(*area);
    // Two areas in a row are one; else the larger rest is kept, and the other one is lost.
    Rest fresh{start == rest.end ? rest.cursor : start, start + count.bytes()};
    void* const block = place(fresh, size, alignment);
    if (start == rest.end || fresh.end - fresh.cursor > rest.end - rest.cursor) {
        rest = fresh;
        last = block;
    }
    return block;
}

void provider::release(void* block) noexcept {
    totals.allocated -= capacity(block);
    if (block != last) return;
    rest.cursor = reinterpret_cast<std::uintptr_t>(block) - word;
    last = nullptr;
}

void* provider::reallocate(void* block, std::size_t size) noexcept {
    if (size > most) return nullptr;
    const std::size_t had = capacity(block);
    const std::size_t wanted = capacity_for(size);
    const auto start = reinterpret_cast<std::uintptr_t>(block);
    if (block == last && start + wanted <= rest.end) {
        rest.cursor = start + wanted;
        capacity(block) = wanted;
        totals.allocated += wanted - had;
        return block;
    }
    if (size <= had) return block;
    void* const moved = allocate(size, default_alignment);
    if (moved == nullptr) return nullptr;
    std::memcpy(moved, block, had);
    release(block);
    return moved;
}

std::size_t provider::usable_size(const void* block) noexcept { return capacity(const_cast<void*>(block)); }

Usage provider::usage() noexcept { return totals; }

}  // namespace unicore::memory::heap
