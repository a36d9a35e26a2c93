// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/result.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace unicore::interrupts::ioapic {

/// Where a line arrives, and how.
struct Input {
    std::uint32_t controller;  ///< address of the I/O APIC's registers
    std::uint32_t number;      ///< of its inputs
    bool active_low;
    bool level_triggered;
};

/// The input of ISA line `line` by the table `madt`. Errors: not_found when no I/O APIC has it.
/// [ACPI 6.4, 5.2.12, 5.2.12.3, 5.2.12.5]
Result<Input> find_input(std::span<const std::byte> madt, std::uint8_t line) noexcept;

}  // namespace unicore::interrupts::ioapic
