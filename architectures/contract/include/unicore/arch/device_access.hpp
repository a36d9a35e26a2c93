// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/arch/impl/device_access.hpp>  // the selected architecture's

#include <concepts>
#include <cstdint>

namespace unicore::arch {

/// Loads and stores of a device's registers, mapped as such (Access::device): one instruction each, of just that
/// width, at `base` + `offset`, in the order of the program. A hypervisor that plays the device can tell from the
/// fault alone what the instruction was to do, without decoding it. Context: any.
template <typename T>
concept RegisterAccess = requires(std::uintptr_t base, std::uint32_t offset, std::uint32_t value, std::uint16_t half,
                                  std::uint8_t byte) {
    { T::read32(base, offset) } noexcept -> std::same_as<std::uint32_t>;
    { T::read16(base, offset) } noexcept -> std::same_as<std::uint16_t>;
    { T::read8(base, offset) } noexcept -> std::same_as<std::uint8_t>;
    { T::write32(base, offset, value) } noexcept -> std::same_as<void>;
    { T::write16(base, offset, half) } noexcept -> std::same_as<void>;
    { T::write8(base, offset, byte) } noexcept -> std::same_as<void>;
};
static_assert(RegisterAccess<DeviceAccess>);

/// A device's registers of 32 bits, named by their offset in bytes: an enumeration's values, or numbers. Drivers that
/// have them as a template parameter are tested with others. Context: any.
template <typename Register>
struct MappedRegisters {
    std::uintptr_t base;

    std::uint32_t read(Register which) const noexcept {
        return DeviceAccess::read32(base, static_cast<std::uint32_t>(which));
    }
    void write(Register which, std::uint32_t value) const noexcept {
        DeviceAccess::write32(base, static_cast<std::uint32_t>(which), value);
    }
    void write8(Register which, std::uint8_t value) const noexcept {
        DeviceAccess::write8(base, static_cast<std::uint32_t>(which), value);
    }
};

}  // namespace unicore::arch
