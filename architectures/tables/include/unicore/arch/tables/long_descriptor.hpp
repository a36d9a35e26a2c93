// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/arch/mapping.hpp>

#include <cstdint>

namespace unicore::arch::tables {

/// The format of AArch64 with pages of 4 KiB, and of ARMv7's long descriptors: the same bits, stage 1,
/// for privileged code. [Arm DDI 0487, D8.3; Arm DDI 0406C, B3.6.1]
struct LongDescriptor {
    /// Indices into the memory attribute registers, as the entry code sets them (MAIR).
    static constexpr std::uint64_t normal_memory = 0, device_memory = 1;

    static constexpr std::uint64_t valid = 1 << 0;
    static constexpr std::uint64_t table_or_page = 1 << 1;  ///< else a block; level 0 has pages only
    static constexpr unsigned attribute_index = 2;
    static constexpr std::uint64_t read_only = 1 << 7;  // AP[2]
    static constexpr std::uint64_t inner_shareable = 3 << 8;
    static constexpr std::uint64_t accessed = 1 << 10;
    static constexpr std::uint64_t privileged_execute_never = std::uint64_t{1} << 53;
    static constexpr std::uint64_t execute_never = std::uint64_t{1} << 54;
    static constexpr std::uint64_t address_mask = 0x0000'ffff'ffff'f000;

    static constexpr bool present(std::uint64_t entry) noexcept { return (entry & valid) != 0; }
    static constexpr bool is_leaf(std::uint64_t entry, unsigned level) noexcept {
        return level == 0 || (entry & table_or_page) == 0;
    }
    static constexpr std::uint64_t leaf(std::uint64_t address, unsigned level, Access access) noexcept {
        std::uint64_t entry = address | valid | accessed | privileged_execute_never | execute_never;
        if (level == 0) entry |= table_or_page;
        if (access == Access::device) return entry | device_memory << attribute_index;
        entry |= normal_memory << attribute_index | inner_shareable;
        return access == Access::read ? entry | read_only : entry;
    }
    static constexpr std::uint64_t table(std::uint64_t frame) noexcept { return frame | valid | table_or_page; }
};

}  // namespace unicore::arch::tables
