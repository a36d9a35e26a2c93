// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/boot/pvh.hpp>

#include "start_info.hpp"

#include <unicore/arch/mapping.hpp>
#include <unicore/arch/x86_64/start.hpp>
#include <unicore/base/panic.hpp>
#include <unicore/boot/command_line.hpp>
#include <unicore/boot/memory_map.hpp>

#include <cstddef>

namespace unicore::boot::pvh {
using namespace std::string_view_literals;
namespace {

/// The loader's structures lie anywhere, with QEMU even in the null page; all that is trusted is that
/// they are memory.
const void* reach(std::uint64_t address, std::size_t bytes) noexcept {
    if (!arch::map_around(address, bytes, arch::Access::read_write)) panic("bad address in start_info"sv);
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
    arch::add_spare_frames();
    memory_map::keep_own();
    const StartInfo& info = *static_cast<const StartInfo*>(reach(start_info, sizeof(StartInfo)));
    if (info.magic != StartInfo::expected_magic) panic("not a PVH start_info"sv);
    const Start result{info.flags, take_map(info)};
    // A command line of up to a page, wherever in a page it starts.
    if (info.command_line != 0)
        command_line::take(static_cast<const char*>(reach(info.command_line, page_size)), page_size, claims);
    arch::unmap_page(0);
    return result;
}

}  // namespace unicore::boot::pvh
