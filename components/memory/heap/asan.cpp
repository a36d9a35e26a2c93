// SPDX-License-Identifier: BSD-3-Clause
// Next to the provider, in images that have memory.heap.asan, or whose tree asks for checks of addresses everywhere: strong
// definitions of what is weak in heap.cpp. The README of memory.heap.asan has the layout.
#include "layers.hpp"

#include <unicore/base/panic.hpp>
#include <unicore/base/poison.hpp>
#include <unicore/base/text.hpp>
#include <unicore/base/units.hpp>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>

/// What the linker looks for where all of a tree has checks of addresses.
extern "C" {
constinit char unicore_memory_heap_asan = 0;
}

namespace unicore::memory::heap::asan {
namespace {

using namespace std::string_view_literals;
using poison::Kind;

constexpr std::size_t most = static_cast<std::size_t>(-1) / 8;
constexpr std::uintptr_t live = 0x5EA1'ED04, released = 0x5EA1'EDF4;

/// In front of each block, where nobody else may look.
struct [[gnu::may_alias]] Header {
    std::size_t size;     ///< as asked for, 1 at least
    std::size_t lead;     ///< from the provider's block to ours
    Header* next;         ///< in the quarantine: the one that was released next
    std::uintptr_t seal;  ///< of the first two, the address, and whether the block is live

    std::uintptr_t start() const noexcept { return reinterpret_cast<std::uintptr_t>(this + 1); }
    std::uintptr_t sealed(std::uintptr_t state) const noexcept { return start() ^ size ^ (lead << 8) ^ state; }
    std::byte* provided() noexcept { return reinterpret_cast<std::byte*>(this + 1) - lead; }
};
static_assert(sizeof(Header) % heap::default_alignment == 0);

/// What is behind a block at least: the larger it is, the farther is what writes behind it off.
constexpr std::size_t tail_of(std::size_t size) noexcept { return std::clamp<std::size_t>(align_up(size / 8, 16), 16, 1024); }

Header& header_of(const void* start) noexcept { return static_cast<Header*>(const_cast<void*>(start))[-1]; }

[[noreturn]] void refuse(std::string_view what, const void* start, std::size_t size) noexcept {
    text::Line line;
    line << what << text::Hex{reinterpret_cast<std::uintptr_t>(start)};
    if (size != 0) line << ", a block of "sv << size << " bytes"sv;
    panic(line.view());
}

/// The header of a live block. Panics when it is none.
Header& look(const void* start) noexcept {
    if (start == nullptr || reinterpret_cast<std::uintptr_t>(start) % heap::default_alignment != 0)
        refuse("bad-free: no block of the heap is at "sv, start, 0);
    Header& header = header_of(start);
    if (header.seal == header.sealed(released)) refuse("double-free: released already: "sv, start, header.size);
    if (header.seal != header.sealed(live)) refuse("bad-free: no block of the heap is at "sv, start, 0);
    return header;
}

class Blocks {
public:
    void* allocate(std::size_t size, std::size_t alignment) noexcept;
    void release(void* start) noexcept;
    Usage usage() const noexcept { return {.reserved = provider::usage().reserved, .allocated = allocated_}; }

    std::size_t most_held = 65536;

private:
    static std::size_t room(Header* header) noexcept { return provider::usable_size(header->provided()); }
    void let_go() noexcept;

    Header* first_ = nullptr;  ///< the one that is held longest
    Header* last_ = nullptr;
    std::size_t held_ = 0;  ///< bytes, of the provider's
    std::size_t allocated_ = 0;
};

void* Blocks::allocate(std::size_t size, std::size_t alignment) noexcept {
    if (size > most || alignment > most) return nullptr;
    size = std::max<std::size_t>(size, 1);
    const std::size_t lead = align_up(sizeof(Header), std::max(alignment, heap::default_alignment));
    const std::size_t wanted = lead + size + tail_of(size);
    void* provided = provider::allocate(wanted, std::max(alignment, heap::default_alignment));
    if (provided == nullptr) {
        if (first_ == nullptr) return nullptr;
        while (first_ != nullptr) let_go();
        provided = provider::allocate(wanted, std::max(alignment, heap::default_alignment));
        if (provided == nullptr) return nullptr;
    }
    auto* const start = static_cast<std::byte*>(provided) + lead;
    Header& header = *::new (static_cast<void*>(&header_of(start))) Header{size, lead, nullptr, 0};
    header.seal = header.sealed(live);
    poison::set(provided, lead, Kind::heap_front);
    poison::set(start + size, room(&header) - lead - size, Kind::heap_end);
    allocated_ += size;
    return start;
}

/// The block that is held longest goes to the provider.
void Blocks::let_go() noexcept {
    Header* const header = std::exchange(first_, first_->next);
    if (first_ == nullptr) last_ = nullptr;
    const std::size_t size = room(header);
    held_ -= size;
    header->seal = 0;
    std::byte* const provided = header->provided();
    poison::clear(provided, size);
    provider::release(provided);
}

void Blocks::release(void* start) noexcept {
    Header& header = look(start);
    header.seal = header.sealed(released);
    poison::set(start, header.size, Kind::heap_released);
    allocated_ -= header.size;
    held_ += room(&header);
    if (last_ != nullptr) last_->next = &header;
    else first_ = &header;
    last_ = &header;
    while (held_ > most_held) let_go();
}

constinit Blocks blocks;

}  // namespace

bool exist() noexcept { return true; }

void* allocate(std::size_t size, std::size_t alignment) noexcept { return blocks.allocate(size, alignment); }

void release(void* block) noexcept { blocks.release(block); }

/// Always another block, so that who keeps the old address is found out.
void* reallocate(void* block, std::size_t size) noexcept {
    const std::size_t had = look(block).size;
    void* const moved = blocks.allocate(size, heap::default_alignment);
    if (moved == nullptr) return nullptr;
    std::memcpy(moved, block, std::min(had, size));
    blocks.release(block);
    return moved;
}

std::size_t usable_size(const void* block) noexcept { return look(block).size; }

Usage usage() noexcept { return blocks.usage(); }

Result<void> choose(std::string_view bytes) noexcept {
    const std::uint64_t wanted = UNICORE_TRY(text::parse_decimal(bytes));
    if (wanted > std::uint64_t{1} << 30) return unexpected(Error::out_of_range);
    blocks.most_held = static_cast<std::size_t>(wanted);
    return {};
}

}  // namespace unicore::memory::heap::asan

namespace unicore {

/// From what is poisoned it follows where the header is: above, or somewhere below.
poison::Block poison::block_at(std::uintptr_t address, Kind kind) noexcept {
    namespace asan = memory::heap::asan;
    const bool above = kind == Kind::heap_front;
    std::uintptr_t start = above ? align_up(address, memory::heap::default_alignment) : align_down(address, memory::heap::default_alignment);
    for (std::size_t left = above ? std::size_t{1} << 16 : std::size_t{1} << 30; left != 0; left -= memory::heap::default_alignment) {
        const asan::Header& header = asan::header_of(reinterpret_cast<const void*>(start));
        if (header.seal == header.sealed(asan::live) || header.seal == header.sealed(asan::released)) return {start, header.size};
        if (above) start += memory::heap::default_alignment;
        else start -= memory::heap::default_alignment;
    }
    return {};
}

}  // namespace unicore
