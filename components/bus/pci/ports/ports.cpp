// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/bus/pci/space.hpp>

#include <unicore/arch/ports.hpp>
#include <unicore/platform/interrupts.hpp>

// Two accesses that belong together, each time.
namespace unicore::bus::pci {
namespace {

namespace ports = arch::ports;

constexpr std::uint16_t config_address = 0xcf8, config_data = 0xcfc;
constexpr std::uint32_t enable = 1U << 31;

constexpr std::uint32_t selection(Address function, unsigned offset) noexcept {
    return enable | std::uint32_t{function.value()} << 8 | (offset & 0xfc);
}

}  // namespace

Result<space::Buses> space::open() noexcept {
    // A register is there, if what is written can be read; where there is nothing, ones are.
    const platform::MaskGuard masked;
    ports::write32(config_address, enable);
    if (ports::read32(config_address) != enable) return unexpected(Error::not_found);
    return Buses{0, 255};
}

std::uint32_t space::read(Address function, unsigned offset) noexcept {
    const platform::MaskGuard masked;
    ports::write32(config_address, selection(function, offset));
    return ports::read32(config_data);
}

void space::write(Address function, unsigned offset, std::uint32_t value) noexcept {
    const platform::MaskGuard masked;
    ports::write32(config_address, selection(function, offset));
    ports::write32(config_data, value);
}

std::optional<space::Window> space::window(unsigned index) noexcept {
    constexpr std::uint64_t all = std::uint64_t{1} << 52;  // of physical addresses [Intel SDM vol. 3A, 4.1.4]
    if (index != 0) return std::nullopt;
    return Window{.base = 0, .physical = 0, .size = all, .prefetchable = false, .free = false};
}

}  // namespace unicore::bus::pci
