// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/arch/tables/walker.hpp>

#include <cstdint>

namespace unicore::arch::x86_64 {

/// Four levels. [Intel SDM vol. 3A, 4.5]
struct EntryFormat {
    static constexpr unsigned root_level = 3;

    static constexpr std::uint64_t present_bit = 1 << 0;
    static constexpr std::uint64_t writable = 1 << 1;
    static constexpr std::uint64_t write_through = 1 << 3;
    static constexpr std::uint64_t cache_disable = 1 << 4;
    static constexpr std::uint64_t large = 1 << 7;
    static constexpr std::uint64_t no_execute = std::uint64_t{1} << 63;
    static constexpr std::uint64_t address_mask = 0x000f'ffff'ffff'f000;

    static constexpr bool present(std::uint64_t entry) noexcept { return (entry & present_bit) != 0; }
    static constexpr bool is_leaf(std::uint64_t entry, unsigned level) noexcept {
        return level == 0 || (entry & large) != 0;
    }
    static constexpr std::uint64_t leaf(std::uint64_t address, unsigned level, Access access) noexcept {
        std::uint64_t entry = address | present_bit | no_execute | (level != 0 ? large : 0);
        if (access != Access::read) entry |= writable;
        if (access == Access::device) entry |= cache_disable | write_through;
        return entry;
    }
    static constexpr std::uint64_t table(std::uint64_t frame) noexcept { return frame | present_bit | writable; }
    static std::uint64_t frame_of(std::byte* table) noexcept { return reinterpret_cast<std::uintptr_t>(table); }
    static std::uint64_t* table_at(std::uint64_t entry) noexcept {
        return reinterpret_cast<std::uint64_t*>(entry & address_mask);
    }
};

using FrameReserve = tables::FrameReserve<4>;
using PageTables = tables::PageTables<EntryFormat>;

}  // namespace unicore::arch::x86_64
