// SPDX-License-Identifier: BSD-3-Clause
#pragma once

namespace unicore::power::acpi {

/// Switches the machine off. Returns when it cannot, or after some time in which it did not happen. Context: any.
void off() noexcept;

/// Resets the machine. Returns when it has no register for that. Context: any.
void reset() noexcept;

}  // namespace unicore::power::acpi
