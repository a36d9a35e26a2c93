// SPDX-License-Identifier: BSD-3-Clause
#include "machine.hpp"

#include <unicore/arch/mapping.hpp>
#include <unicore/bus/acpi.hpp>

namespace unicore::interrupts::ioapic {
namespace {

constexpr std::size_t index_register = 0x00, window = 0x10, registers_size = 0x14;

volatile std::uint32_t& at(std::uint32_t controller, std::size_t offset) noexcept {
    return *reinterpret_cast<volatile std::uint32_t*>(controller + offset);
}

}  // namespace

std::span<const std::byte> madt() noexcept { return bus::acpi::table("APIC").value_or(std::span<const std::byte>()); }

Result<void> open(std::uint32_t controller) noexcept {
    return arch::map_around(controller, registers_size, arch::Access::device);
}

std::uint32_t read(std::uint32_t controller, std::uint8_t index) noexcept {
    at(controller, index_register) = index;
    return at(controller, window);
}

void write(std::uint32_t controller, std::uint8_t index, std::uint32_t value) noexcept {
    at(controller, index_register) = index;
    at(controller, window) = value;
}

}  // namespace unicore::interrupts::ioapic
