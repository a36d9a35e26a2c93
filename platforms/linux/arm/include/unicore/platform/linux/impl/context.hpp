// SPDX-License-Identifier: BSD-3-Clause
/// What a signal's context says of the CPU.
#pragma once

#include <unicore/arch/arm/stores.hpp>
#include <unicore/platform/linux/access.hpp>
#include <unicore/platform/linux/plain_context.hpp>

namespace unicore::platform::linux::impl {

/// From the instruction: QEMU's user emulation leaves `error`, the fault status, zero.
[[gnu::always_inline]] inline Access access(const SignalContext& c, std::uintptr_t address) noexcept {
    return decode_access(instruction_pointer(c), address, arch::arm::stores);
}

}  // namespace unicore::platform::linux::impl
