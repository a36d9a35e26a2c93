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

constexpr std::size_t free_flag = 1;    ///< the block is free: in a list, or on its way into or out of one
constexpr std::size_t behind_free = 2;  ///< the block in front is free
constexpr std::size_t first_flag = 4;   ///< there is no block in front: an area starts here
constexpr std::size_t flags = granule - 1;

/// The smallest block: header, hook, and the next block's `before`.
constexpr std::size_t least = align_up(4 * word, granule);
/// What an area has besides the block that fills it: room in front, so that payloads are aligned, and
/// the header of the block of size 0 at its end.
constexpr std::size_t area_overhead = granule;
constexpr std::size_t lead = granule - 2 * word;

// Lists: 16 per power of two. The first 16 have the sizes below 256, one list per granule.
constexpr unsigned columns = 16;
constexpr unsigned first_power = 8;
static_assert(columns * granule == 1U << first_power);
constexpr unsigned rows = std::min(32, std::numeric_limits<std::size_t>::digits - int{first_power} + 1);
/// The largest request, in bytes: twice that, rounded up to a list, still has a row.
constexpr std::size_t most = std::size_t{1} << (rows + first_power - 3);

/// Which lists are not empty: a bit for each.
using Bits = std::size_t;
constexpr unsigned per_word = std::numeric_limits<Bits>::digits;
constexpr unsigned words = (rows * columns + per_word - 1) / per_word;

std::size_t size_of(const Block* block) noexcept { return block->header & ~flags; }
std::size_t capacity(const Block* block) noexcept { return size_of(block) - word; }
Block* at(void* base, std::size_t offset) noexcept {
    return reinterpret_cast<Block*>(static_cast<std::byte*>(base) + offset);
}
Block* next(Block* block) noexcept { return at(block, size_of(block)); }
Block* block_of(void* payload) noexcept {
    return reinterpret_cast<Block*>(static_cast<std::byte*>(payload) - 2 * word);
}

/// The list that has blocks of `size`. Inline, as what else every request does: release images are optimised for size.
[[gnu::always_inline]] inline unsigned list_of(std::size_t size) noexcept {
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
    void insert(Block* block, std::size_t size) noexcept;
    void remove(Block* block, std::size_t size) noexcept;
    Block* find(std::size_t size) noexcept;
    [[gnu::cold, gnu::noinline]] Block* grow(std::size_t size) noexcept;
    [[gnu::cold]] Block* align(Block* block, std::size_t alignment) noexcept;
    void use(Block* block, std::size_t size) noexcept;
    void free(Block* block, std::size_t header) noexcept;
    [[gnu::noinline]] Block* merge(Block* block, std::size_t header) noexcept;
    [[gnu::cold]] void give_back(Block* block, std::size_t size) noexcept;

    heap::Usage usage_{};
    Bits filled_[words]{};  ///< bit l % per_word of word l / per_word: lists_[l] is not empty
    FreeList lists_[rows * columns]{};
};

/// What asserts hold of every block in use. Fails for what was released, written over or never ours.
[[maybe_unused]] bool sound(Block* block) noexcept {
    return reinterpret_cast<std::uintptr_t>(&block->link) % granule == 0 && (block->header & free_flag) == 0 &&
           (block->header & flags & ~(behind_free | first_flag)) == 0 && size_of(block) >= least &&
           size_of(block) / 4 <= most && (next(block)->header & behind_free) == 0;
}

/// Puts a free block of `size` into its list.
void Heap::insert(Block* block, std::size_t size) noexcept {
    const unsigned list = list_of(size);
    if (lists_[list].push_front(&block->link)) filled_[list / per_word] |= Bits{1} << list % per_word;
}

/// What asserts hold of every block in a list.
[[maybe_unused]] bool sound_free(Block* block) noexcept {
    return (block->header & free_flag) != 0 && next(block)->before == block && (next(block)->header & behind_free) != 0;
}

/// Takes a free block of `size` out of its list.
void Heap::remove(Block* block, std::size_t size) noexcept {
    UNICORE_ASSERT(sound_free(block));
    const unsigned list = list_of(size);
    if (lists_[list].remove(&block->link)) filled_[list / per_word] ^= Bits{1} << list % per_word;
}

/// A free block of at least `size` bytes, in no list; null for none. Good fit: the first block of the first list in which
/// every block is large enough.
Block* Heap::find(std::size_t size) noexcept {
    std::size_t rounded = size;
    if (size >= columns * granule) rounded += (std::bit_floor(size) / columns) - 1;
    const unsigned list = list_of(rounded);
    unsigned word = list / per_word;
    Bits filled = filled_[word] & (~Bits{0} << list % per_word);
    while (filled == 0) {
        if (++word == words) return grow(size);
        filled = filled_[word];
    }
    const auto bit = static_cast<unsigned>(std::countr_zero(filled));
    FreeList& blocks = lists_[word * per_word + bit];
    Block* const block = block_of(blocks.front());
    UNICORE_ASSERT(sound_free(block));
    if (blocks.pop_front()) filled_[word] ^= Bits{1} << bit;
    return block;
}

/// A free block that fills an area of its own.
Block* Heap::grow(std::size_t size) noexcept {
    const PageCount needed = pages_for(size + area_overhead);
    // Less than a growth will do; only then is anybody asked to give some back.
    for (PageCount count = std::max(needed, PageCount{static_cast<std::size_t>(config::growth)});; count = needed) {
        const auto need = static_cast<pages::Need>(count == needed);
        if (const auto area = heap::provider::take_pages(count, page_size, need)) {
            usage_.reserved += count.bytes();
            Block* const block = at(*area, lead);
            block->header = (count.bytes() - area_overhead) | first_flag | free_flag;
            Block* const end = next(block);
            end->before = block;
            end->header = behind_free;
            return block;
        }
        if (need == pages::Need::urgent) return nullptr;
    }
}

/// The part of a free block, which is in no list, whose payload is a multiple of `alignment`. What is in front of it, a
/// whole block or nothing, goes back.
Block* Heap::align(Block* block, std::size_t alignment) noexcept {
    std::size_t gap = -reinterpret_cast<std::uintptr_t>(&block->link) & (alignment - 1);
    if (gap == 0) return block;
    if (gap < least) gap += alignment;
    Block* const rest = at(block, gap);
    rest->header = (size_of(block) - gap) | behind_free | free_flag;
    rest->before = block;
    next(rest)->before = rest;
    block->header -= size_of(rest);
    insert(block, gap);
    return rest;
}

/// Makes `size` bytes of a free block, which is in no list, a block in use; the rest goes back, if it is a block.
void Heap::use(Block* block, std::size_t size) noexcept {
    const std::size_t header = block->header;
    const std::size_t had = header & ~flags;
    Block* const after = at(block, had);
    if (had - size >= least) {
        block->header = size | (header & (behind_free | first_flag));
        Block* const rest = at(block, size);
        rest->header = (had - size) | free_flag;
        after->before = rest;
        insert(rest, had - size);
        usage_.allocated += size - word;
    } else {
        block->header = header - free_flag;
        after->header -= behind_free;
        usage_.allocated += had - word;
    }
}

/// Frees a block in use, which has this header, or gives its area back when it is all of that.
void Heap::free(Block* block, std::size_t header) noexcept {
    if (((header & behind_free) | (at(block, header & ~flags)->header & free_flag)) != 0) {
        block = merge(block, header);
        header = block->header;
    }
    const std::size_t size = header & ~flags;
    Block* const after = at(block, size);
    if ((header & first_flag) != 0 && after->header < granule) return give_back(block, size);
    block->header = header | free_flag;
    after->before = block;
    after->header |= behind_free;
    insert(block, size);
}

/// A block in use, which has this header, as one with its neighbours that are free. Apart, so that a block that has none
/// is freed without registers to save.
Block* Heap::merge(Block* block, std::size_t header) noexcept {
    std::size_t size = header & ~flags;
    Block* const after = at(block, size);
    if ((header & behind_free) != 0) {
        block = block->before;
        header = block->header;
        UNICORE_ASSERT(at(next(block), size) == after);
        remove(block, header & ~flags);
        size += header & ~flags;
    }
    if ((after->header & free_flag) != 0) {
        const std::size_t more = size_of(after);
        remove(after, more);
        size += more;
    }
    block->header = size | (header & first_flag);
    return block;
}

/// The area of a block of `size`, which is all of it.
void Heap::give_back(Block* block, std::size_t size) noexcept {
    usage_.reserved -= size + area_overhead;
    pages::give_back(reinterpret_cast<std::byte*>(block) - lead, PageCount{(size + area_overhead) / page_size});
}

void* Heap::allocate(std::size_t size, std::size_t alignment) noexcept {
    if (size > most || alignment > most) return nullptr;
    const std::size_t needed = std::max(align_up(size + word, granule), least);
    // Room to move to the next multiple, leaving a whole block in front or none.
    const bool anywhere = alignment <= granule;
    Block* block = find(anywhere ? needed : needed + alignment + least);
    if (block == nullptr) return nullptr;
    if (!anywhere) block = align(block, alignment);
    use(block, needed);
    return &block->link;
}

void Heap::release(void* payload) noexcept {
    Block* const block = block_of(payload);
    UNICORE_ASSERT(sound(block));
    const std::size_t header = block->header;
    usage_.allocated -= (header & ~flags) - word;
    free(block, header);
}

void* Heap::reallocate(void* payload, std::size_t size) noexcept {
    if (size > most) return nullptr;
    Block* const block = block_of(payload);
    UNICORE_ASSERT(sound(block));
    const std::size_t needed = std::max(align_up(size + word, granule), least);
    const std::size_t had = capacity(block);
    Block* const after = next(block);
    if (needed > size_of(block) && (after->header & free_flag) != 0 && needed <= size_of(block) + size_of(after)) {
        remove(after, size_of(after));
        block->header += size_of(after);
        next(block)->header -= behind_free;
    }
    if (needed <= size_of(block)) {
        const std::size_t rest = size_of(block) - needed;
        if (rest >= least) {
            block->header -= rest;
            free(next(block), rest);
        }
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
