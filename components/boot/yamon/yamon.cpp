// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/boot/yamon.hpp>

#include "environment.hpp"

#include <unicore/arch/mapping.hpp>
#include <unicore/base/panic.hpp>
#include <unicore/base/text.hpp>
#include <unicore/boot/command_line.hpp>
#include <unicore/boot/memory_map.hpp>

#include <algorithm>
#include <string_view>

namespace unicore::boot::yamon {
using namespace std::string_view_literals;
namespace {

/// Where memory is on these boards: up to 256 MiB from 0 on, what is above 512 MiB of it at its place.
constexpr std::uint64_t low_end = 0x1000'0000, high_first = 0x2000'0000;

/// The loader's addresses are unmapped ones of kseg0 and kseg1, windows to the same physical memory.
const char* reach(std::uint32_t address, std::size_t size) noexcept {
    constexpr std::uint32_t segments = 0x8000'0000, segments_end = 0xc000'0000, window = 0x1fff'ffff;
    const std::uint32_t place = address & window;
    if (address < segments || address >= segments_end || place < page_size || place + size > low_end) return nullptr;
    // Writable, since it is given away as memory later on.
    if (!arch::map_around(place, size, arch::Access::read_write)) return nullptr;
    return reinterpret_cast<const char*>(static_cast<std::uintptr_t>(place));
}

void take_command_line(const Registers& registers) noexcept {
    char line[page_size];
    if (!read_command_line(registers, reach, line))
        text::report("the loader's command line is too long or not to be reached; the rest is not used");
    command_line::take(line, sizeof line);
}

void take_memory(const Registers& registers, MemoryRange image) noexcept {
    Memory memory;
    if (const auto told = read_memory(registers.variables, reach)) memory = *told;
    else text::report("the loader's environment is too long or not to be reached; it is not used");
    const std::uint64_t low = std::min(memory.low.value_or(registers.memory), low_end);
    if (low < image.end()) panic("the loader tells of less memory than the image has"sv);
    memory_map::keep(0, page_size);
    memory_map::keep(image.base, image.end());
    memory_map::add(0, low);
    const std::uint64_t total = std::min(memory.total.value_or(low), arch::mapping_end);
    if (low == low_end && total > high_first) memory_map::add(high_first, total);
}

}  // namespace

void start(const Registers& registers, MemoryRange image) noexcept {
    take_command_line(registers);
    take_memory(registers, image);
}

}  // namespace unicore::boot::yamon
