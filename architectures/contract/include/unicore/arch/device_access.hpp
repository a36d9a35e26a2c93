// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/arch/impl/device_access.hpp>  // the selected architecture's

#include <concepts>
#include <cstdint>

namespace unicore::arch {

/// Loads and stores of a device's registers, mapped as such (Access::device): one instruction each, of just that
/// width, in the order of the program. A hypervisor that plays the device can tell from the fault alone what
/// the instruction was to do, without decoding it. Context: any.
template <typename T>
concept RegisterAccess = requires(std::uintptr_t address, std::uint32_t value, std::uint8_t byte) {
    { T::read32(address) } noexcept -> std::same_as<std::uint32_t>;
    { T::write32(address, value) } noexcept -> std::same_as<void>;
    { T::write8(address, byte) } noexcept -> std::same_as<void>;
};
static_assert(RegisterAccess<DeviceAccess>);

}  // namespace unicore::arch
