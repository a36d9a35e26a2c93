// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/result.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace unicore::bus::acpi {

/// Bytes at the start of every table: signature, length, and who made it. [ACPI 6.4, 5.2.6]
inline constexpr std::size_t header_size = 36;

/// A table, its header included; readable as long as the image lives. `instance` counts from 1.
/// Context: thread or masked. Errors: not_found.
Result<std::span<const std::byte>> table(const char (&signature)[5], unsigned instance = 1) noexcept;

/// A register somewhere. [ACPI 6.4, 5.2.3.2]
struct Register {
    enum class Space : std::uint8_t { memory = 0, ports = 1 };  // and others, which nobody uses here

    Space space{};
    std::uint64_t address = 0;  ///< 0: there is none
};

/// What the FADT says of power and reset, addresses in the form of its newest version. [ACPI 6.4, 5.2.9]
struct FixedHardware {
    Register pm1a_control, pm1b_control;
    Register reset;
    std::uint8_t reset_value;
    std::uint32_t smi_command;  ///< a port; 0 where ACPI is always on
    std::uint8_t acpi_enable;   ///< what to write there to turn it on
};

/// Context: thread or masked. Errors: not_found.
Result<FixedHardware> fixed_hardware() noexcept;

}  // namespace unicore::bus::acpi
