// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace unicore::xen::bus {

/// Which end of a device is ours.
enum class Side : std::uint8_t { front, back };

}  // namespace unicore::xen::bus
