// SPDX-License-Identifier: BSD-3-Clause
// Between the interface and its provider, in images that have memory.heap.checks or the option CHECKS: strong
// definitions of what is weak in heap.cpp. The README of memory.heap.checks has the layout.
#include "layers.hpp"

#include <unicore/base/assert.hpp>
#include <unicore/base/panic.hpp>
#include <unicore/base/text.hpp>
#include <unicore/base/units.hpp>
#include <unicore/memory/heap/checks.hpp>
#include <unicore/memory/heap/config.hpp>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string_view>

/// What the linker looks for where the option says that all images have checks.
extern "C" {
constinit char unicore_memory_heap_checks = 0;
}

namespace unicore::memory::heap::checks {
namespace {

using namespace std::string_view_literals;

constexpr std::uint8_t fresh_pattern = 0xA5;
constexpr std::uint8_t released_pattern = 0xDF;
constexpr std::uint8_t zone_pattern = 0xFD;

/// The least that is behind a block, in bytes, and what is in front of it: a header, then a zone.
constexpr std::size_t tail = 16;
constexpr std::size_t front = 48;
constexpr std::size_t most = static_cast<std::size_t>(-1) / 4;

/// In front of each block that has redzones.
struct [[gnu::may_alias]] Header {
    std::size_t size;   ///< as asked for, 1 at least
    std::size_t lead;   ///< from the provider's block to ours
    std::uintptr_t seal;  ///< of both and the address
};
static_assert(sizeof(Header) + tail <= front);

struct Block {
    std::byte* provided;
    std::byte* start;
    std::size_t size;
};

[[noreturn]] void report(std::string_view what, const void* start, std::size_t size, auto more) noexcept {
    text::Line line;
    line << "memory.heap: "sv << what << ": block at "sv << text::Hex{reinterpret_cast<std::uintptr_t>(start)} << " of "sv
         << size << " bytes"sv;
    more(line);
    panic(line.view());
}

/// Panics unless `count` bytes from `first` on are `pattern`.
void verify(const Block& block, std::string_view what, const std::byte* first, std::size_t count,
            std::uint8_t pattern) noexcept {
    std::size_t wrong = 0;
    const std::byte* where = nullptr;
    for (const std::byte* byte = first; byte != first + count; ++byte) {
        if (*byte == std::byte{pattern}) continue;
        if (wrong++ == 0) where = byte;
    }
    if (wrong == 0) [[likely]] return;
    report(what, block.start, block.size, [=](text::Line& line) {
        line << ": "sv << wrong << " bytes are overwritten, the first at "sv << where - block.start << " with "sv
             << text::Hex{std::to_integer<std::uint64_t>(*where)};
    });
}

class Checks {
public:
    void* allocate(std::size_t size, std::size_t alignment) noexcept;
    void release(void* start) noexcept;
    std::size_t usable_size(const void* start) const noexcept { return look(start).size; }
    Usage usage() const noexcept { return {.reserved = below::usage().reserved, .allocated = allocated_}; }

    bool redzones = config::checks != config::Checks::poison;

private:
    /// Released blocks that the provider does not know of yet, so that none is used again at once.
    static constexpr std::size_t held_blocks = 16;
    static constexpr std::size_t held_size = 2048;

    static std::uintptr_t seal(const void* start, const Header& header) noexcept {
        return reinterpret_cast<std::uintptr_t>(start) ^ header.size ^ (header.lead << 8) ^ 0x5EA1'ED00;
    }
    Block look(const void* start) const noexcept;
    static void let_go(Block& held) noexcept;
    void let_all_go() noexcept {
        for (Block& held : held_) let_go(held);
    }

    std::size_t allocated_ = 0;
    std::size_t next_ = 0;  ///< the one that was held longest
    Block held_[held_blocks]{};
};

/// What is known of a live block. Panics when it is none.
Block Checks::look(const void* start) const noexcept {
    auto* const first = static_cast<std::byte*>(const_cast<void*>(start));
    for (const Block& held : held_)
        if (held.start == first && first != nullptr)
            report("used after its release, or released twice"sv, first, held.size, [](text::Line&) {});
    if (!redzones) return {first, first, below::usable_size(first)};
    const Header& header = *reinterpret_cast<const Header*>(first - front);
    if (reinterpret_cast<std::uintptr_t>(start) % default_alignment != 0 || header.seal != seal(start, header))
        report("no block, or overwritten in front"sv, start, 0, [](text::Line&) {});
    return {first - header.lead, first, header.size};
}

void Checks::let_go(Block& held) noexcept {
    if (held.start == nullptr) return;
    verify(held, "written to after its release"sv, held.start, held.size, released_pattern);
    below::release(held.provided);
    held = {};
}

void* Checks::allocate(std::size_t size, std::size_t alignment) noexcept {
    if (size > most || alignment > most) return nullptr;
    alignment = std::max(alignment, default_alignment);
    const std::size_t lead = redzones ? align_up(front, alignment) : 0;
    const std::size_t around = redzones ? lead + tail : 0;
    size = std::max<std::size_t>(size, 1);
    void* provided = below::allocate(size + around, alignment);
    if (provided == nullptr) {
        let_all_go();
        provided = below::allocate(size + around, alignment);
        if (provided == nullptr) return nullptr;
    }
    const std::size_t room = below::usable_size(provided);
    std::byte* const start = static_cast<std::byte*>(provided) + lead;
    if (redzones) {
        std::memset(provided, zone_pattern, room);
        Header header{size, lead, 0};
        header.seal = seal(start, header);
        ::new (start - front) Header(header);
    } else {
        size = room;
    }
    std::memset(start, fresh_pattern, size);
    allocated_ += size;
    return start;
}

void Checks::release(void* start) noexcept {
    const Block block = look(start);
    if (redzones) {
        const std::byte* const zone = block.start - front + sizeof(Header);
        verify(block, "written in front of"sv, zone, static_cast<std::size_t>(block.start - zone), zone_pattern);
        const std::byte* const behind = block.start + block.size;
        verify(block, "written behind its end"sv, behind,
               below::usable_size(block.provided) - static_cast<std::size_t>(behind - block.provided), zone_pattern);
        reinterpret_cast<Header*>(block.start - front)->seal = 0;
    }
    std::memset(block.start, released_pattern, block.size);
    allocated_ -= block.size;
    if (block.size > held_size) return below::release(block.provided);
    let_go(held_[next_]);
    held_[next_] = block;
    next_ = (next_ + 1) % held_blocks;
}

constinit Checks the_checks;

}  // namespace

bool exist() noexcept { return true; }

void* allocate(std::size_t size, std::size_t alignment) noexcept { return the_checks.allocate(size, alignment); }

void release(void* block) noexcept { the_checks.release(block); }

/// Always another block, so that who keeps the old address is found out.
void* reallocate(void* block, std::size_t size) noexcept {
    const std::size_t had = the_checks.usable_size(block);
    void* const moved = the_checks.allocate(size, default_alignment);
    if (moved == nullptr) return nullptr;
    std::memcpy(moved, block, std::min(had, size));
    the_checks.release(block);
    return moved;
}

std::size_t usable_size(const void* block) noexcept { return the_checks.usable_size(block); }

Usage usage() noexcept { return the_checks.usage(); }

Result<void> choose(std::string_view name) noexcept {
    if (name != "poison"sv && name != "redzones"sv) return unexpected(Error::invalid_argument);
    UNICORE_ASSERT(usage().reserved == 0);
    the_checks.redzones = name == "redzones"sv;
    return {};
}

}  // namespace unicore::memory::heap::checks
