// SPDX-License-Identifier: BSD-3-Clause
#pragma once

namespace unicore::power::malta {

/// Turns the machine off; returns where that cannot be done so. Context: any.
void off() noexcept;
/// Starts it again; returns likewise. Context: any.
void reset() noexcept;

}  // namespace unicore::power::malta
