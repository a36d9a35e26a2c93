// SPDX-License-Identifier: BSD-3-Clause
// Blocks one behind the other, in chunks that live as long as any of their blocks.
#include <unicore/base/assert.hpp>
#include <unicore/memory/heap/provider.hpp>
#include <unicore/memory/pages.hpp>
#include <unicore/memory/region/config.hpp>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <utility>

namespace unicore::memory::region {
namespace {

constexpr std::size_t granule = heap::default_alignment;

/// In front of each block.
struct [[gnu::may_alias]] Header {
    std::uint32_t granules;  ///< from one header to the next, if nothing is between them
    std::uint32_t distance;  ///< from the chunk's start to the block, in granules
};
static_assert(sizeof(Header) == 8);

/// At the start of its pages; what follows is blocks up to the cursor, then room.
struct Chunk {
    std::size_t size;       ///< bytes, all of it
    std::size_t blocks;     ///< that live
    std::uintptr_t cursor;  ///< where the next header may be: 8 bytes in front of a granule
    std::uintptr_t end() const noexcept { return reinterpret_cast<std::uintptr_t>(this) + size; }
};
constexpr std::size_t chunk_header = align_up(sizeof(Chunk) + sizeof(Header), granule) - sizeof(Header);

/// The largest request, in bytes: its granules have room in a header, and sums of a few do not overflow.
constexpr std::size_t most = sizeof(std::size_t) == 8 ? std::size_t{1} << (sizeof(std::size_t) * 4 + 3)
                                                      : static_cast<std::size_t>(-1) / 8;

constexpr std::size_t capacity_for(std::size_t size) noexcept {
    return align_up(std::max<std::size_t>(size, 1) + sizeof(Header), granule) - sizeof(Header);
}
Header& header_of(const void* block) noexcept { return const_cast<Header*>(static_cast<const Header*>(block))[-1]; }
std::size_t capacity(const void* block) noexcept {
    return std::size_t{header_of(block).granules} * granule - sizeof(Header);
}
Chunk& chunk_of(const void* block) noexcept {
    return *reinterpret_cast<Chunk*>(reinterpret_cast<std::uintptr_t>(block) -
                                     std::size_t{header_of(block).distance} * granule);
}

class Heap {
public:
    void* allocate(std::size_t size, std::size_t alignment) noexcept;
    void release(void* block) noexcept;
    void* reallocate(void* block, std::size_t size) noexcept;
    const heap::Usage& usage() const noexcept { return usage_; }

private:
    void* place(Chunk& chunk, std::size_t size, std::size_t alignment) noexcept;
    void rewind(Chunk& chunk) noexcept {
        chunk.cursor = reinterpret_cast<std::uintptr_t>(&chunk) + chunk_header;
    }
    void give_back(Chunk& chunk) noexcept {
        usage_.reserved -= chunk.size;
        pages::give_back(reinterpret_cast<std::byte*>(&chunk), pages_for(chunk.size));
    }
    static bool last_in(const Chunk& chunk, const void* block) noexcept {
        return reinterpret_cast<std::uintptr_t>(block) + capacity(block) == chunk.cursor;
    }

    Chunk* current_ = nullptr;  ///< where blocks go to; the only one that may be without a block
    heap::Usage usage_{};
};

/// A block at the chunk's cursor, if there is room for it.
void* Heap::place(Chunk& chunk, std::size_t size, std::size_t alignment) noexcept {
    const std::uintptr_t start = align_up(chunk.cursor + sizeof(Header), std::max(alignment, granule));
    const std::size_t room = capacity_for(size);
    if (start + room > chunk.end()) return nullptr;
    auto* const block = reinterpret_cast<void*>(start);
    const std::size_t distance = start - reinterpret_cast<std::uintptr_t>(&chunk);
    ::new (&header_of(block)) Header{static_cast<std::uint32_t>((room + sizeof(Header)) / granule),
                                     static_cast<std::uint32_t>(distance / granule)};
    chunk.cursor = start + room;
    ++chunk.blocks;
    usage_.allocated += room;
    return block;
}

void* Heap::allocate(std::size_t size, std::size_t alignment) noexcept {
    if (size > most || alignment > most) return nullptr;
    if (current_ != nullptr)
        if (void* const block = place(*current_, size, alignment)) return block;

    const PageCount needed = pages_for(chunk_header + sizeof(Header) + capacity_for(size) + alignment);
    PageCount count = std::max(needed, PageCount{static_cast<std::size_t>(config::chunk)});
    using heap::provider::take_pages;
    auto pages = take_pages(count, page_size, static_cast<pages::Need>(count == needed));
    if (!pages && count != needed) pages = take_pages(count = needed, page_size, pages::Need::urgent);
    if (!pages) return nullptr;
    usage_.reserved += count.bytes();
    Chunk& chunk = *::new (static_cast<void*>(*pages)) Chunk{count.bytes(), 0, 0};
    rewind(chunk);
    void* const block = place(chunk, size, alignment);
    // The chunk with the larger rest is the one that is filled; the other one waits for the end of its blocks.
    if (current_ == nullptr || chunk.end() - chunk.cursor > current_->end() - current_->cursor) {
        Chunk* const before = std::exchange(current_, &chunk);
        if (before != nullptr && before->blocks == 0) give_back(*before);
    }
    return block;
}

void Heap::release(void* block) noexcept {
    Chunk& chunk = chunk_of(block);
    UNICORE_ASSERT(reinterpret_cast<std::uintptr_t>(block) % granule == 0 && chunk.blocks != 0 &&
                   reinterpret_cast<std::uintptr_t>(block) < chunk.cursor);
    usage_.allocated -= capacity(block);
    if (--chunk.blocks != 0) {
        if (last_in(chunk, block)) chunk.cursor = reinterpret_cast<std::uintptr_t>(block) - sizeof(Header);
        return;
    }
    if (&chunk == current_) rewind(chunk);
    else give_back(chunk);
    // An idle heap holds nothing, and none a chunk of odd size, which may be too small for the next block.
    if (current_ != nullptr && current_->blocks == 0 &&
        (usage_.allocated == 0 || current_->size != PageCount{static_cast<std::size_t>(config::chunk)}.bytes()))
        give_back(*std::exchange(current_, nullptr));
}

void* Heap::reallocate(void* block, std::size_t size) noexcept {
    if (size > most) return nullptr;
    Chunk& chunk = chunk_of(block);
    const std::size_t had = capacity(block);
    const std::size_t wanted = capacity_for(size);
    const auto start = reinterpret_cast<std::uintptr_t>(block);
    if (last_in(chunk, block) && start + wanted <= chunk.end()) {
        chunk.cursor = start + wanted;
        header_of(block).granules = static_cast<std::uint32_t>((wanted + sizeof(Header)) / granule);
        usage_.allocated += wanted - had;
        return block;
    }
    if (size <= had) return block;
    void* const moved = allocate(size, granule);
    if (moved == nullptr) return nullptr;
    std::memcpy(moved, block, had);
    release(block);
    return moved;
}

constinit Heap the_heap;

}  // namespace
}  // namespace unicore::memory::region

namespace unicore::memory::heap {

using region::the_heap;

void* provider::allocate(std::size_t size, std::size_t alignment) noexcept {
    return the_heap.allocate(size, alignment);
}

void provider::release(void* block) noexcept { the_heap.release(block); }

void* provider::reallocate(void* block, std::size_t size) noexcept { return the_heap.reallocate(block, size); }

std::size_t provider::usable_size(const void* block) noexcept { return region::capacity(block); }

Usage provider::usage() noexcept { return the_heap.usage(); }

}  // namespace unicore::memory::heap
