// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/boot/multiboot2.hpp>

#include "information.hpp"

#include <unicore/arch/mapping.hpp>
#include <unicore/arch/x86_64/start.hpp>
#include <unicore/base/panic.hpp>
#include <unicore/boot/command_line.hpp>
#include <unicore/boot/memory_map.hpp>
#include <unicore/bus/acpi/root.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

namespace unicore::boot::multiboot2 {
using namespace std::string_view_literals;
namespace {

constexpr std::size_t largest_root = 36;  // [ACPI 6.4, table 5.3]
constinit std::array<std::byte, largest_root> root{};
constinit bool has_root = false;

/// Makes the list accessible; nothing is known of it but where it is.
std::span<const std::byte> tags_at(std::uintptr_t address) noexcept {
    const auto reach = [&](std::size_t bytes) noexcept {
        if (address % header_size != 0 || !arch::map_around(address, bytes, arch::Access::read_write))
            panic("bad Multiboot 2 information"sv);
    };
    reach(header_size);
    const std::uint32_t size = *reinterpret_cast<const std::uint32_t*>(address);
    if (size < header_size || size > most_bytes) panic("bad Multiboot 2 information"sv);
    reach(size);
    return {reinterpret_cast<const std::byte*>(address) + header_size, size - header_size};
}

void take_map(const Information& information) noexcept {
    auto left = information.map;
    for (; left.size() >= sizeof(MapEntry); left = left.subspan(std::min(left.size(), information.map_entry_size))) {
        MapEntry entry;
        std::memcpy(&entry, left.data(), sizeof entry);
        if (entry.type == MapEntry::available) memory_map::add(entry.address, entry.address + entry.length);
    }
}

void take_command_line(std::span<const char> text) noexcept {
    char plain[page_size];  // loaders put their list wherever there is room, between our segments as well
    const std::size_t size = without_escapes(text, std::span(plain).first(sizeof plain - 1));
    plain[size] = '\0';
    command_line::take(plain, text.size() < sizeof plain ? size + 1 : size);  // the end is missed where it was cut
}

}  // namespace

void start(std::uintptr_t information) noexcept {
    arch::x86_64::load_descriptor_tables();
    arch::add_spare_frames();
    memory_map::keep_own();
    const auto found = read(tags_at(information));
    if (!found) panic("bad Multiboot 2 information"sv);
    take_map(*found);
    take_command_line(found->command_line);
    has_root = !found->root.empty();
    std::copy_n(found->root.begin(), std::min(found->root.size(), root.size()), root.begin());
}

}  // namespace unicore::boot::multiboot2

namespace unicore::bus {

/// The loader's list is gone by now, so it is our copy, which lies at its physical address.
std::uint64_t acpi::root() noexcept {
    return boot::multiboot2::has_root ? reinterpret_cast<std::uintptr_t>(boot::multiboot2::root.data()) : 0;
}

}  // namespace unicore::bus
