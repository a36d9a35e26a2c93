// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/boot/devicetree.hpp>

#include <unicore/arch/mapping.hpp>
#include <unicore/base/panic.hpp>
#include <unicore/boot/command_line.hpp>
#include <unicore/boot/memory_map.hpp>
#include <unicore/bus/devicetree.hpp>

#include <cstddef>
#include <string_view>

namespace unicore::boot::devicetree {
using namespace std::string_view_literals;
namespace {

namespace tree = bus::devicetree;

constinit PageCount all_memory{};

constexpr std::size_t largest = std::size_t{2} << 20;  // as Linux's boot protocols have it

/// Makes it accessible, and takes it. Returns its size.
std::size_t open(std::uintptr_t address) noexcept {
    if (address == 0) panic("no device tree"sv);
    const auto access = [](const void* at, std::size_t size) noexcept {
        return size <= largest && arch::map_around(reinterpret_cast<std::uintptr_t>(at), size, arch::Access::read);
    };
    const auto size = tree::open(reinterpret_cast<const void*>(address), access);
    if (!size) panic("not a device tree of version 17, of at most 2 MiB"sv);
    return *size;
}

void keep(tree::Region region) noexcept { memory_map::keep(region.base, region.base + region.size); }

void add(tree::Region region) noexcept {
    all_memory.value += static_cast<std::size_t>(region.size / page_size);
    memory_map::add(region.base, region.base + region.size);
}

void for_each_region(const tree::Node& node, void (*take)(tree::Region) noexcept) noexcept {
    for (std::size_t i = 0; const auto region = node.registers(i); ++i) take(*region);
}

void take_command_line(const tree::Node& chosen) noexcept {
    const auto text = chosen.property("bootargs");
    if (!text.empty()) command_line::take(reinterpret_cast<const char*>(text.data()), text.size());
}

}  // namespace

void start(std::uintptr_t address, MemoryRange image) noexcept {
    const std::size_t size = open(address);
    memory_map::keep(0, page_size);
    memory_map::keep(image.base, image.end());
    memory_map::keep(address, address + size);
    for (unsigned i = 0; const auto region = tree::reserved(i); ++i) keep(*region);
    take_command_line(tree::noted(tree::Noted::chosen));
    if (const auto reserved = tree::noted(tree::Noted::reserved_memory); reserved.depth() != 0) {
        tree::Walk walk(reserved);
        walk.next();
        for (auto node = walk.next(); node && node->depth() == 2; node = walk.next()) for_each_region(*node, keep);
    }
    // Memory is added when all that is reserved of it is known.
    tree::Walk walk(tree::noted(tree::Noted::memory));
    for (auto last = tree::noted(tree::Noted::last_memory); const auto node = walk.next();) {
        if (node->depth() == 1 && node->named("memory"sv) && node->has("device_type", "memory"sv) && node->enabled())
            for_each_region(*node, add);
        if (*node == last) break;
    }
}

PageCount memory() noexcept { return all_memory; }

}  // namespace unicore::boot::devicetree
