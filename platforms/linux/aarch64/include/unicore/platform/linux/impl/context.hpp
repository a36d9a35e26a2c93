// SPDX-License-Identifier: BSD-3-Clause
/// What a signal's context says of the CPU.
#pragma once

#include <unicore/arch/aarch64/stores.hpp>
#include <unicore/platform/linux/access.hpp>
#include <unicore/platform/linux/plain_context.hpp>

namespace unicore::platform::linux::impl {

/// From the instruction: the record with ESR_EL1 is optional, and QEMU's user emulation writes none.
[[gnu::always_inline]] inline Access access(const SignalContext& c, std::uintptr_t address) noexcept {
    return decode_access(instruction_pointer(c), address, arch::aarch64::stores);
}

}  // namespace unicore::platform::linux::impl
