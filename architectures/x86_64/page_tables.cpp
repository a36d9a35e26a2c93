// SPDX-License-Identifier: BSD-3-Clause
#include "page_tables.hpp"

#include <unicore/base/assert.hpp>

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

Result<std::uint64_t*> PageTables::table_below(std::uint64_t& entry) noexcept {
    if ((entry & present) == 0) {
        if (frame_count_ == 0) return unexpected(Error::out_of_memory);
        std::byte* const frame = frames_[--frame_count_];
        std::memset(frame, 0, page_size);
        entry = reinterpret_cast<std::uintptr_t>(frame) | present | writable;
    }
    return reinterpret_cast<std::uint64_t*>(entry & address_mask);
}

Result<void> PageTables::map(MemoryRange range, Access access) noexcept {
    UNICORE_ASSERT(range.base % page_size == 0 && range.size % page_size == 0);
    std::uintptr_t address = range.base;
    for (std::size_t left = range.size; left != 0;) {
        std::uint64_t* table = root_;
        unsigned level = 3;
        std::size_t step = page_size;
        for (;; --level) {
            std::uint64_t& entry = table[index(address, level)];
            const bool fits = level == 1 && address % large_page == 0 && left >= large_page;
            if (level == 0 || (fits && (entry & present) == 0)) {
                if ((entry & present) == 0) entry = address | bits(access) | (level == 1 ? large : 0);
                step = level == 1 ? large_page : page_size;
                break;
            }
            if (level == 1 && (entry & large) != 0) {  // mapped already, whole
                step = large_page - address % large_page;
                if (step > left) step = left;
                break;
            }
            table = UNICORE_TRY(table_below(entry));
        }
        address += step;
        left -= step;
    }
    return {};
}

void PageTables::unmap_page(std::uintptr_t address) noexcept {
    std::uint64_t* table = root_;
    for (unsigned level = 3; level != 0; --level) {
        const std::uint64_t entry = table[index(address, level)];
        UNICORE_ASSERT((entry & present) != 0 && (entry & large) == 0);
        table = reinterpret_cast<std::uint64_t*>(entry & address_mask);
    }
    table[index(address, 0)] = 0;
}

}  // namespace unicore::arch::x86_64
