// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/arch/impl/registers.hpp>  // the selected architecture's

#include <cstdint>

namespace unicore::arch {

/// Ends the image because of a fault: prints what it was and the CPU's registers at that moment, through
/// platform::early_write, `unicore: fault: WHAT at ADDRESS`, then panics with the call chain. Same
/// format on every platform. `jumped`: the fault was the fetch of an instruction, so the chain starts
/// where the jump to it came from. `Registers` is the architecture's context record. Context: any.
[[noreturn]] void fault(const Registers& registers, const char* what, std::uintptr_t address, bool jumped) noexcept;

}  // namespace unicore::arch
