// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/bus/pci.hpp>

#include "assign.hpp"

#include <unicore/arch/mapping.hpp>
#include <unicore/platform.hpp>
#include <unicore/platform/interrupts.hpp>

namespace unicore::bus::pci {
namespace {

constexpr std::uint32_t decode_ports = 1, decode_memory = 2, bus_master = 4;  // of the command [6.2.2]

constexpr std::uint32_t is_ports = 1, type = 6, is_wide = 4, is_prefetchable = 8;  // of a register [6.2.5.1]
constexpr std::uint32_t port_flags = 3, memory_flags = 15;

constexpr bool takes_two(std::uint32_t value) noexcept { return (value & (is_ports | type)) == is_wide; }

/// What a register can be set to: written with ones, read, and put back.
std::uint32_t probe(const Function& function, unsigned at) noexcept {
    const std::uint32_t before = function.read(at);
    function.write(at, UINT32_MAX);
    const std::uint32_t can = function.read(at);
    function.write(at, before);
    return can;
}

bool is_ram(std::uint64_t base, std::uint64_t size) noexcept {
    for (const MemoryRange& range : platform::memory())
        if (base < std::uint64_t{range.base} + range.size && range.base < base + size) return true;
    return false;
}

}  // namespace

Result<Bar> Function::bar(unsigned index) const noexcept {
    const unsigned end = bars();
    for (unsigned i = 0; i != index; ++i)
        if (i >= end || (takes_two(read(offset::bars + 4 * i)) && ++i == index)) return unexpected(Error::not_found);
    if (index >= end) return unexpected(Error::not_found);

    const unsigned at = offset::bars + 4 * index;
    const std::uint32_t value = read(at);
    Bar bar{0, 0, (value & is_ports) == 0, false, takes_two(value)};
    if (bar.memory && !bar.wide && (value & type) != 0) return unexpected(Error::device_error);
    if (bar.wide && index + 1 == end) return unexpected(Error::device_error);

    std::uint64_t can = 0;
    {
        // Nobody may see the registers as they are in between, neither the bus nor another thread.
        const platform::MaskGuard masked;
        const std::uint32_t command = read(offset::command) & 0xffff;  // zeroes above: the status stays
        write(offset::command, command & ~(decode_ports | decode_memory));
        can = probe(*this, at);
        if (bar.wide) can |= std::uint64_t{probe(*this, at + 4)} << 32;
        write(offset::command, command);
    }
    if (!bar.wide && can == 0) return unexpected(Error::not_found);
    if (bar.memory) {
        bar.prefetchable = (value & is_prefetchable) != 0;
        bar.address = value & ~memory_flags;
        if (bar.wide) bar.address |= std::uint64_t{read(at + 4)} << 32;
        can &= ~std::uint64_t{memory_flags};
    } else {
        bar.address = value & ~port_flags;
        can &= ~std::uint64_t{port_flags};
        if (can != 0 && can <= 0xffff) can |= 0xffff'0000;  // these need not exist
    }
    if (!bar.wide) can |= can == 0 ? 0 : ~std::uint64_t{UINT32_MAX};
    // Ones, and zeroes below them.
    bar.size = can & (0 - can);
    if (can == 0 || can + bar.size != 0 || (bar.address & (bar.size - 1)) != 0) return unexpected(Error::device_error);
    return bar;
}

Result<std::uintptr_t> map(const Bar& bar, std::uint64_t offset, std::uint32_t size) noexcept {
    if (!bar.memory) return unexpected(Error::unsupported);
    if (bar.address == 0 || offset > bar.size || size > bar.size - offset) return unexpected(Error::out_of_range);
    const std::uint64_t base = bar.address + offset;
    for (unsigned i = 0; const auto window = space::window(i); ++i) {
        const std::uint64_t inside = base - window->base;
        if (base < window->base || inside > window->size || size > window->size - inside) continue;
        const std::uint64_t physical = window->physical + inside;
        if (is_ram(physical, size)) break;
        UNICORE_TRY(arch::map_around(physical, size, arch::Access::device));
        return static_cast<std::uintptr_t>(physical);
    }
    return unexpected(Error::out_of_range);
}

Result<void> Function::enable() const noexcept {
    for (unsigned i = 0; i < bars(); ++i) {
        const unsigned at = offset::bars + 4 * i;
        const std::uint32_t value = read(at);
        const bool wide = takes_two(value);
        const bool has_address = (value & ~memory_flags) != 0 || (wide && read(at + 4) != 0);
        if ((value & is_ports) == 0 && !has_address) {
            const auto bar = this->bar(i);
            if (bar) UNICORE_TRY(assign(*this, i, *bar));
            else if (bar.error() != Error::not_found) return unexpected(bar.error());
        }
        if (wide) ++i;
    }
    write(offset::command, (read(offset::command) & 0xffff) | decode_memory | bus_master);
    return {};
}

}  // namespace unicore::bus::pci
