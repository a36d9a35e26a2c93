// SPDX-License-Identifier: BSD-3-Clause
// Two-level segregated fit. [Masmano, Ripoll, Crespo, Real: TLSF, a new dynamic memory allocator for
// real-time systems, ECRTS 2004] The README has the layout of blocks and areas.
#include <unicore/memory/freelist.hpp>
#include <unicore/memory/heap/provider.hpp>
#include <unicore/memory/pages.hpp>
#include <unicore/memory/tlsf/config.hpp>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <limits>
#include <utility>

namespace unicore::memory::tlsf {
namespace {

using freelist::FreeList;
using freelist::Link;

constexpr std::size_t word = sizeof(void*);
constexpr std::size_t granule = heap::default_alignment;

/// A block starts here; its payload starts two words later, at `link`, and lasts up to and including
/// the first word of the next block. May alias: payloads are of any type.
struct [[gnu::may_alias]] Block {
    Block* before;       ///< the block in front, if that is free; else part of its payload
    std::size_t header;  ///< size in bytes, a multiple of the granule, and flags in the low bits
    Link link;           ///< payload; in a free block, the hook for Heap::lists_
};

constexpr std::size_t free_flag = 1;    ///< the block is free
constexpr std::size_t behind_free = 2;  ///< the block in front is free
constexpr std::size_t first_flag = 4;   ///< there is no block in front: an area starts here
constexpr std::size_t flags = granule - 1;

/// The smallest block: header, hook, and the next block's `before`.
constexpr std::size_t least = align_up(4 * word, granule);
/// What an area has besides the block that fills it: room in front, so that payloads are aligned, and
/// the header of the block of size 0 at its end.
constexpr std::size_t area_overhead = granule;
constexpr std::size_t lead = granule - 2 * word;

// Lists: 16 per power of two. Row 0 has the sizes below 256, one list per granule.
constexpr unsigned columns = 16;
constexpr unsigned first_power = 8;
static_assert(columns * granule == 1U << first_power);
constexpr unsigned rows = std::min(32, std::numeric_limits<std::size_t>::digits - int{first_power} + 1);
/// The largest request, in bytes: twice that, rounded up to a list, still has a row.
constexpr std::size_t most = std::size_t{1} << (rows + first_power - 3);

std::size_t size_of(const Block* block) noexcept { return block->header & ~flags; }
std::size_t capacity(const Block* block) noexcept { return size_of(block) - word; }
Block* at(void* base, std::size_t offset) noexcept {
    return reinterpret_cast<Block*>(static_cast<std::byte*>(base) + offset);
}
Block* next(Block* block) noexcept { return at(block, size_of(block)); }
Block* block_of(void* payload) noexcept {
    return reinterpret_cast<Block*>(static_cast<std::byte*>(payload) - 2 * word);
}

/// The list that has blocks of `size`.
unsigned list_of(std::size_t size) noexcept {
    if (size < columns * granule) return static_cast<unsigned>(size / granule);
    const auto power = static_cast<unsigned>(std::bit_width(size)) - 1;
    return (power - first_power) * columns + static_cast<unsigned>(size >> (power - 4));
}

class Heap {
public:
    void* allocate(std::size_t size, std::size_t alignment) noexcept;
    void release(void* payload) noexcept;
    void* reallocate(void* payload, std::size_t size) noexcept;
    const heap::Usage& usage() const noexcept { return usage_; }

private:
    void link(Block* block) noexcept;
    void unlink(Block* block) noexcept;
    Block* find(std::size_t size) noexcept;
    Block* grow(std::size_t size) noexcept;
    Block* split(Block* block, std::size_t size) noexcept;
    void trim(Block* block, std::size_t size) noexcept;
    void free(Block* block) noexcept;

    heap::Usage usage_{};
    std::uint32_t rows_ = 0;           ///< bit r: columns_[r] is not 0
    std::uint16_t columns_[rows]{};    ///< bit c: lists_[r * columns + c] is not empty
    FreeList lists_[rows * columns]{};
};

/// What asserts hold of every block in use. Fails for what was released, written over or never ours.
[[maybe_unused]] bool sound(Block* block) noexcept {
    return reinterpret_cast<std::uintptr_t>(&block->link) % granule == 0 && (block->header & free_flag) == 0 &&
           (block->header & flags & ~(behind_free | first_flag)) == 0 && size_of(block) >= least &&
           size_of(block) / 4 <= most && (next(block)->header & behind_free) == 0;
}

/// Makes `block` free, as it is.
void Heap::link(Block* block) noexcept {
    Block* const after = next(block);
    after->before = block;
    after->header |= behind_free;
    block->header |= free_flag;
    const unsigned list = list_of(size_of(block));
    lists_[list].push_front(&block->link);
    columns_[list / columns] |= static_cast<std::uint16_t>(1U << list % columns);
    rows_ |= 1U << list / columns;
}

/// The opposite.
void Heap::unlink(Block* block) noexcept {
    Block* const after = next(block);
    UNICORE_ASSERT((block->header & free_flag) != 0 && after->before == block && (after->header & behind_free) != 0);
    after->header -= behind_free;
    block->header -= free_flag;
    const unsigned list = list_of(size_of(block));
    lists_[list].remove(&block->link);
    if (!lists_[list].empty()) return;
    std::uint16_t& row = columns_[list / columns];
    row ^= static_cast<std::uint16_t>(1U << list % columns);
    if (row == 0) rows_ ^= 1U << list / columns;
}

/// A block of at least `size` bytes, in use; null for none. Good fit: the first block of the first
/// list in which every block is large enough.
Block* Heap::find(std::size_t size) noexcept {
    std::size_t rounded = size;
    if (size >= columns * granule) rounded += (std::bit_floor(size) / columns) - 1;
    unsigned list = list_of(rounded);
    unsigned row = list / columns;
    unsigned in_row = columns_[row] & (~0U << list % columns);
    if (in_row == 0) {
        const unsigned above = rows_ & (~1U << row);
        if (above == 0) return grow(size);
        row = static_cast<unsigned>(std::countr_zero(above));
        in_row = columns_[row];
    }
    [[assume(in_row != 0)]];
    list = row * columns + static_cast<unsigned>(std::countr_zero(in_row));
    Block* const block = block_of(lists_[list].front());
    unlink(block);
    return block;
}

/// A block that fills an area of its own.
Block* Heap::grow(std::size_t size) noexcept {
    const PageCount needed = pages_for(size + area_overhead);
    // Less than a growth will do; only then is anybody asked to give some back.
    for (const PageCount count : {std::max(needed, PageCount{static_cast<std::size_t>(config::growth)}), needed}) {
        const auto need = static_cast<pages::Need>(count == needed);
        if (const auto area = heap::provider::take_pages(count, page_size, need)) {
            usage_.reserved += count.bytes();
            Block* const block = at(*area, lead);
            block->header = (count.bytes() - area_overhead) | first_flag;
            next(block)->header = 0;
            return block;
        }
        if (need == pages::Need::urgent) break;
    }
    return nullptr;
}

/// Leaves `size` bytes to `block`, which is in use; returns the rest, in use too.
Block* Heap::split(Block* block, std::size_t size) noexcept {
    Block* const rest = at(block, size);
    rest->header = size_of(block) - size;
    block->header -= rest->header;
    return rest;
}

void Heap::trim(Block* block, std::size_t size) noexcept {
    if (size_of(block) - size >= least) free(split(block, size));
}

/// Frees a block in use: merges it with its neighbours; gives its area back when that was all of it.
void Heap::free(Block* block) noexcept {
    if ((block->header & behind_free) != 0) {
        Block* const before = block->before;
        UNICORE_ASSERT(next(before) == block);
        unlink(before);
        before->header += size_of(block);
        block = before;
    }
    Block* const after = next(block);
    if ((after->header & free_flag) != 0) {
        unlink(after);
        block->header += size_of(after);
    }
    if ((block->header & first_flag) != 0 && size_of(next(block)) == 0) {
        const std::size_t size = size_of(block) + area_overhead;
        usage_.reserved -= size;
        pages::give_back(reinterpret_cast<std::byte*>(block) - lead, PageCount{size / page_size});
        return;
    }
    link(block);
}

void* Heap::allocate(std::size_t size, std::size_t alignment) noexcept {
    if (size > most || alignment > most) return nullptr;
    const std::size_t needed = std::max(align_up(size + word, granule), least);
    // Room to move to the next multiple, leaving a whole block in front or none.
    const std::size_t extra = alignment <= granule ? 0 : alignment + least;
    Block* block = find(needed + extra);
    if (block == nullptr) return nullptr;
    if (extra != 0) {
        std::size_t gap = -reinterpret_cast<std::uintptr_t>(&block->link) & (alignment - 1);
        if (gap != 0) {
            if (gap < least) gap += alignment;
            Block* const rest = split(block, gap);
            free(block);
            block = rest;
        }
    }
    trim(block, needed);
    usage_.allocated += capacity(block);
    return &block->link;
}

void Heap::release(void* payload) noexcept {
    Block* const block = block_of(payload);
    UNICORE_ASSERT(sound(block));
    usage_.allocated -= capacity(block);
    free(block);
}

void* Heap::reallocate(void* payload, std::size_t size) noexcept {
    if (size > most) return nullptr;
    Block* const block = block_of(payload);
    UNICORE_ASSERT(sound(block));
    const std::size_t needed = std::max(align_up(size + word, granule), least);
    const std::size_t had = capacity(block);
    Block* const after = next(block);
    if (needed > size_of(block) && (after->header & free_flag) != 0 && needed <= size_of(block) + size_of(after)) {
        unlink(after);
        block->header += size_of(after);
    }
    if (needed <= size_of(block)) {
        trim(block, needed);
        usage_.allocated += capacity(block) - had;
        return payload;
    }
    void* const moved = allocate(size, granule);
    if (moved == nullptr) return nullptr;
    std::memcpy(moved, payload, had);
    release(payload);
    return moved;
}

constinit Heap the_heap;

}  // namespace
}  // namespace unicore::memory::tlsf

namespace unicore::memory::heap {

using tlsf::the_heap;

void* provider::allocate(std::size_t size, std::size_t alignment) noexcept {
    return the_heap.allocate(size, alignment);
}

void provider::release(void* block) noexcept { the_heap.release(block); }

void* provider::reallocate(void* block, std::size_t size) noexcept { return the_heap.reallocate(block, size); }

std::size_t provider::usable_size(const void* block) noexcept {
    tlsf::Block* const header = tlsf::block_of(const_cast<void*>(block));
    UNICORE_ASSERT(tlsf::sound(header));
    return tlsf::capacity(header);
}

Usage provider::usage() noexcept { return the_heap.usage(); }

}  // namespace unicore::memory::heap
