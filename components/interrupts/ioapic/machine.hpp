// SPDX-License-Identifier: BSD-3-Clause
/// What the component needs of the machine; tests have a model in its place.
#pragma once

#include <unicore/base/result.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace unicore::interrupts::ioapic {

/// ACPI's table of interrupt controllers; empty where there is none.
std::span<const std::byte> madt() noexcept;

/// Makes a controller's registers accessible. Errors: as arch::map.
Result<void> open(std::uint32_t controller) noexcept;

/// A register behind the index and the window. [Intel 290566, 3.1]
std::uint32_t read(std::uint32_t controller, std::uint8_t index) noexcept;
void write(std::uint32_t controller, std::uint8_t index, std::uint32_t value) noexcept;

}  // namespace unicore::interrupts::ioapic
