// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace unicore::boot::pvh {

/// What the loader hands over, all addresses physical. QEMU does not align any of it.
/// [Xen, xen/include/public/arch-x86/hvm/start_info.h]
struct [[gnu::packed]] StartInfo {
    static constexpr std::uint32_t expected_magic = 0x336e'c578;

    std::uint32_t magic;
    std::uint32_t version;
    std::uint32_t flags;
    std::uint32_t module_count;
    std::uint64_t modules;
    std::uint64_t command_line;
    std::uint64_t rsdp;
    // From version 1 on:
    std::uint64_t memory_map;
    std::uint32_t memory_map_entries;
    std::uint32_t reserved;
};
static_assert(sizeof(StartInfo) == 56);

struct [[gnu::packed]] MemoryMapEntry {
    static constexpr std::uint32_t ram = 1;

    std::uint64_t address;
    std::uint64_t size;
    std::uint32_t type;
    std::uint32_t reserved;
};
static_assert(sizeof(MemoryMapEntry) == 24);

}  // namespace unicore::boot::pvh
