// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/boot/pvh.hpp>

#include "start_info.hpp"

#include <unicore/arch/x86_64/paging.hpp>
#include <unicore/arch/x86_64/start.hpp>
#include <unicore/base/panic.hpp>
#include <unicore/boot/command_line.hpp>
#include <unicore/boot/memory_map.hpp>

namespace unicore::boot::pvh {
using namespace std::string_view_literals;
namespace {

using arch::x86_64::Access;

/// The loader's structures lie anywhere, with QEMU even in the null page; all that is trusted is that
/// they are memory.
const void* reach(std::uint64_t address, std::size_t bytes) noexcept {
    if (address + bytes < address) panic("bad address in start_info"sv);
    const std::uintptr_t first = align_down(address, page_size);
    if (!arch::x86_64::map({first, align_up(address + bytes, page_size) - first}, Access::read_write))
        panic("no page tables for start_info"sv);
    return reinterpret_cast<const void*>(address);
}

constexpr std::size_t most_map_entries = 1024;

bool take_map(const StartInfo& info) noexcept {
    if (info.version < 1 || info.memory_map_entries == 0) return false;
    if (info.memory_map_entries > most_map_entries) panic("memory map of more than 1024 entries"sv);
    const auto* entry =
        static_cast<const MemoryMapEntry*>(reach(info.memory_map, info.memory_map_entries * sizeof(MemoryMapEntry)));
    for (std::uint32_t left = info.memory_map_entries; left != 0; --left, ++entry)
        if (entry->type == MemoryMapEntry::ram) memory_map::add(entry->address, entry->address + entry->size);
    return true;
}

}  // namespace

Start start(std::uintptr_t start_info, bool (*claims)(char* word) noexcept) noexcept {
    arch::x86_64::load_descriptor_tables();
    arch::x86_64::add_spare_frames();
    const StartInfo& info = *static_cast<const StartInfo*>(reach(start_info, sizeof(StartInfo)));
    if (info.magic != StartInfo::expected_magic) panic("not a PVH start_info"sv);
    const Start result{info.flags, take_map(info)};
    // A command line of up to a page, wherever in a page it starts.
    if (info.command_line != 0)
        command_line::take(static_cast<const char*>(reach(info.command_line, page_size)), page_size, claims);
    arch::x86_64::unmap_page(0);
    return result;
}

Result<MemoryRange> commit(MemoryRange range) noexcept {
    if (const auto mapped = arch::x86_64::map(range, Access::read_write); !mapped) return unexpected(mapped.error());
    // What the mapping took from the reserve of page-table frames is replaced from what it yielded.
    arch::x86_64::add_table_frames(range);
    return range;
}

}  // namespace unicore::boot::pvh
