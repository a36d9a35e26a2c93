// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/bus/virtio/transports/registers.hpp>

namespace unicore::bus::virtio {
namespace {

using Access = arch::DeviceAccess;

constexpr std::uint32_t mmio_offset(Register which) noexcept { return static_cast<std::uint32_t>(which) & 0xffff; }
constexpr std::uint32_t common_offset(Register which) noexcept { return static_cast<std::uint32_t>(which) >> 16 & 0xff; }
constexpr unsigned common_width(Register which) noexcept { return static_cast<std::uint32_t>(which) >> 24; }

}  // namespace

std::uint32_t Registers::read(std::uintptr_t address, unsigned width) noexcept {
    switch (width) {
        case 1: return Access::read8(address, 0);
        case 2: return Access::read16(address, 0);
        default: return Access::read32(address, 0);
    }
}

std::uint32_t Registers::read(Register which) const noexcept {
    if (!is_pci()) return Access::read32(base_, mmio_offset(which));
    return read(base_ + common_offset(which), common_width(which));
}

void Registers::write(Register which, std::uint32_t value) const noexcept {
    if (!is_pci()) return Access::write32(base_, mmio_offset(which), value);
    const std::uintptr_t address = base_ + common_offset(which);
    switch (common_width(which)) {
        case 1: return Access::write8(address, 0, static_cast<std::uint8_t>(value));
        case 2: return Access::write16(address, 0, static_cast<std::uint16_t>(value));
        default: return Access::write32(address, 0, value);
    }
}

Result<Bell> Registers::bell(std::uint16_t index) const noexcept {
    if (!is_pci()) return Bell(base_ + mmio_offset(Register::queue_notify), index, false);
    const std::uint64_t offset = std::uint64_t{read(Register::queue_notify_off)} * multiplier_;
    if (offset % 2 != 0 || offset + 2 > notify_.size) return unexpected(Error::device_error);
    return Bell(notify_.base + static_cast<std::uintptr_t>(offset), index, true);
}

bool Registers::set_message(Register which, std::uint16_t message) const noexcept {
    if (!is_pci()) return false;
    write(which, message);
    return read(which) == message;
}

std::uint32_t Registers::take_interrupts() const noexcept {
    constexpr std::uint32_t known = 3;
    if (is_pci()) return Access::read8(isr_, 0) & known;
    const std::uint32_t reasons = read(Register::interrupt_status) & known;
    write(Register::interrupt_acknowledge, reasons);
    return reasons;
}

}  // namespace unicore::bus::virtio
