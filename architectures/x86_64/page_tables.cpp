// SPDX-License-Identifier: BSD-3-Clause
#include "page_tables.hpp"

#include <unicore/base/assert.hpp>

#include <algorithm>
#include <cstring>

namespace unicore::arch::x86_64 {
namespace {

constexpr std::uint64_t present = 1 << 0;
constexpr std::uint64_t writable = 1 << 1;
constexpr std::uint64_t write_through = 1 << 3;
constexpr std::uint64_t cache_disable = 1 << 4;
constexpr std::uint64_t large = 1 << 7;
constexpr std::uint64_t no_execute = std::uint64_t{1} << 63;
constexpr std::uint64_t address_mask = 0x000f'ffff'ffff'f000;
constexpr std::size_t large_page = std::size_t{2} << 20;

constexpr std::uint64_t bits(Access access) noexcept {
    switch (access) {
        case Access::read: return present | no_execute;
        case Access::read_write: return present | no_execute | writable;
        case Access::device: return present | no_execute | writable | cache_disable | write_through;
    }
    return 0;
}

/// The entry for `address` in a table of level 3 (the root) down to 0.
constexpr std::size_t index(std::uintptr_t address, unsigned level) noexcept {
    return address >> (12 + 9 * level) & 511;
}

}  // namespace

std::byte* FrameReserve::take() noexcept {
    std::byte* const frame = first_;
    if (frame == nullptr) return nullptr;
    first_ = *reinterpret_cast<std::byte**>(frame);
    --count_;
    return static_cast<std::byte*>(std::memset(frame, 0, page_size));
}

void FrameReserve::fill_from(MemoryRange& pages) noexcept {
    while (pages.size > page_size && wanted() != 0) {
        add(reinterpret_cast<std::byte*>(pages.base));
        pages.base += page_size;
        pages.size -= page_size;
    }
}

Result<void> PageTables::map(MemoryRange range, Access access) const noexcept {
    UNICORE_ASSERT(range.base % page_size == 0 && range.size % page_size == 0);
    while (range.size != 0) {
        std::uint64_t* table = root_;
        unsigned level = 3;
        std::uint64_t* entry;
        for (;; --level) {
            entry = table + index(range.base, level);
            const bool fits = level == 1 && range.base % large_page == 0 && range.size >= large_page;
            if (level == 0 || (*entry & large) != 0 || (fits && (*entry & present) == 0)) break;
            if ((*entry & present) == 0) {
                std::byte* const frame = reserve_.take();
                if (frame == nullptr) return unexpected(Error::out_of_memory);
                *entry = reinterpret_cast<std::uintptr_t>(frame) | present | writable;
            }
            table = reinterpret_cast<std::uint64_t*>(*entry & address_mask);
        }
        // What is mapped already, by a whole large page at most, keeps its rights.
        if ((*entry & present) == 0) *entry = range.base | bits(access) | (level == 1 ? large : 0);
        const std::size_t covered = page_size << 9 * level;
        const std::size_t step = std::min(covered - range.base % covered, range.size);
        range.base += step;
        range.size -= step;
    }
    return {};
}

void PageTables::unmap_page(std::uintptr_t address) const noexcept {
    std::uint64_t* table = root_;
    for (unsigned level = 3; level != 0; --level) {
        const std::uint64_t entry = table[index(address, level)];
        UNICORE_ASSERT((entry & present) != 0 && (entry & large) == 0);
        table = reinterpret_cast<std::uint64_t*>(entry & address_mask);
    }
    table[index(address, 0)] = 0;
}

}  // namespace unicore::arch::x86_64
