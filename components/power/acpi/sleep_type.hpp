// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace unicore::power::acpi {

/// What a sleep state is called in the two control registers, 0 to 7 each.
struct SleepType {
    std::uint8_t a, b;
};

/// Finds `Name (_S5_, Package {a, b, …})` with constants in a table's AML. [ACPI 6.4, 20.2.2 to 20.2.5]
std::optional<SleepType> find_s5(std::span<const std::byte> aml) noexcept;

}  // namespace unicore::power::acpi
