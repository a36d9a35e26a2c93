// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/arch/impl/registers.hpp>  // the selected architecture's

#include <cstdint>
#include <string_view>

namespace unicore::arch {

/// Prints what a fault was and the CPU's registers at that moment, through platform::early_write:
/// `unicore: fault: WHAT at ADDRESS`, then the registers. Same format on every platform.
/// `Registers` is the architecture's context record. Context: any.
void print_fault(const Registers& registers, std::string_view what, std::uintptr_t address) noexcept;

}  // namespace unicore::arch
