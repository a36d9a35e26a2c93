// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace unicore::arch {

/// Whether an address is in the page below the stack in use, where that is not the boot stack. A provider of threads
/// knows it; weak where it is asked. Context: any.
bool is_guard(std::uintptr_t address) noexcept;

}  // namespace unicore::arch
