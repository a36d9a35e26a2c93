// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace unicore::bus::acpi {

/// The physical address of the root system description pointer, of which 36 bytes can be read; 0 when the
/// loader told none. Context: any, from the first boot step on. [ACPI 6.4, 5.2.5]
std::uint64_t root() noexcept;

}  // namespace unicore::bus::acpi
