// SPDX-License-Identifier: BSD-3-Clause
#pragma once

namespace unicore::power::bcm2835 {

/// Turns the machine off; returns where that cannot be done so. Context: any.
void off() noexcept;

}  // namespace unicore::power::bcm2835
