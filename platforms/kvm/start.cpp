// SPDX-License-Identifier: BSD-3-Clause
#include "kvm.hpp"

#include <unicore/arch/x86_64/paging.hpp>
#include <unicore/arch/x86_64/start.hpp>
#include <unicore/base/boot.hpp>
#include <unicore/base/panic.hpp>
#include <unicore/base/units.hpp>

extern "C" std::byte unicore_spare_frames[];

namespace unicore::platform::kvm {
using namespace std::string_view_literals;
namespace {

using arch::x86_64::Access;

/// The loader's structures lie anywhere, with QEMU even in the null page; all that is trusted is that
/// they are memory.
template <typename T>
const T* reach(std::uint64_t address, std::size_t bytes) noexcept {
    if (address + bytes < address) panic("bad address in start_info"sv);
    const std::uintptr_t first = align_down(address, page_size);
    if (!arch::x86_64::map({first, align_up(address + bytes, page_size) - first}, Access::read_write))
        panic("no page tables for start_info"sv);
    return reinterpret_cast<const T*>(address);
}

constexpr std::size_t most_map_entries = 1024;

void take(const StartInfo& info) noexcept {
    if (info.magic != StartInfo::expected_magic) panic("not a PVH start_info"sv);
    if (info.version >= 1 && info.memory_map_entries != 0) {
        if (info.memory_map_entries > most_map_entries) panic("memory map of more than 1024 entries"sv);
        set_memory_map({reach<MemoryMapEntry>(info.memory_map, info.memory_map_entries * sizeof(MemoryMapEntry)),
                        info.memory_map_entries});
    } else {
        complain("the loader gave no memory map"sv);
    }
    // A command line of up to a page, wherever in a page it starts.
    if (info.command_line != 0) set_command_line(reach<char>(info.command_line, page_size), page_size);
}

}  // namespace
}  // namespace unicore::platform::kvm

extern "C" void unicore_platform_start(std::uintptr_t argument) noexcept {
    using namespace unicore;
    using namespace unicore::platform::kvm;
    arch::x86_64::load_descriptor_tables();
    for (std::byte* frame = unicore_spare_frames; arch::x86_64::table_frames_wanted() != 0; frame += page_size)
        arch::x86_64::add_table_frame(frame);
    take(*reach<StartInfo>(argument, sizeof(StartInfo)));
    arch::x86_64::unmap_page(0);
    boot::run();
}
