// SPDX-License-Identifier: BSD-3-Clause
/// What a signal's context says of the CPU.
#pragma once

#include <unicore/arch/aarch64/stores.hpp>
#include <unicore/arch/registers.hpp>
#include <unicore/platform/linux/access.hpp>
#include <unicore/platform/linux/impl/abi.hpp>

namespace unicore::platform::linux::impl {

/// The kernel's order is ours.
[[gnu::always_inline]] inline arch::Registers registers(const SignalContext& context) noexcept {
    arch::Registers result;
    static_assert(sizeof result.value == sizeof context.registers);
    for (unsigned i = 0; i < arch::Registers::count; ++i) result.value[i] = context.registers[i];
    return result;
}
inline std::uintptr_t instruction_pointer(const SignalContext& c) noexcept { return c.registers[arch::Registers::pc]; }
inline std::uintptr_t stack_pointer(const SignalContext& c) noexcept { return c.registers[arch::Registers::sp]; }

/// From the instruction: the record with ESR_EL1 is optional, and QEMU's user emulation writes none.
[[gnu::always_inline]] inline Access access(const SignalContext& c, std::uintptr_t address) noexcept {
    return decode_access(instruction_pointer(c), address, arch::aarch64::stores);
}

}  // namespace unicore::platform::linux::impl
