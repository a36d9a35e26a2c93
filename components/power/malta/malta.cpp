// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/power/malta.hpp>

#include "piix4.hpp"

#include <unicore/arch/mapping.hpp>
#include <unicore/arch/ports.hpp>
#include <unicore/base/units.hpp>

#include <cstdint>

namespace unicore::power::malta {
namespace {

volatile std::uint32_t& reg(std::uintptr_t address) noexcept {
    return *reinterpret_cast<volatile std::uint32_t*>(address);
}

bool reach(std::uintptr_t address) noexcept {
    return arch::map_around(address, sizeof(std::uint32_t), arch::Access::device).has_value();
}

/// The GT-64120's way to the configuration space.
struct Board {
    static constexpr std::uintptr_t address_register = 0x1be0'0cf8, data_register = 0x1be0'0cfc;

    std::uint32_t read(std::uint32_t address) const noexcept {
        reg(address_register) = address;
        return reg(data_register);
    }
    void write(std::uint32_t address, std::uint32_t value) const noexcept {
        reg(address_register) = address;
        reg(data_register) = value;
    }
    void write_port(std::uint16_t port, std::uint16_t value) const noexcept { arch::ports::write16(port, value); }
};

}  // namespace

void off() noexcept {
    if (reach(Board::address_register)) soft_off(Board{});
}

void reset() noexcept {
    constexpr std::uintptr_t soft_reset = 0x1f00'0500;  // SOFTRES
    constexpr std::uint32_t go_reset = 0x42;
    if (reach(soft_reset)) reg(soft_reset) = go_reset;
}

}  // namespace unicore::power::malta
