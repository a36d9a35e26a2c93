// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/arch/registers.hpp>
#include <unicore/platform/linux/impl/abi.hpp>

#include <cstdint>

/// What a signal's context says of the CPU, where the kernel's order of registers is ours: on Arm.
namespace unicore::platform::linux::impl {

[[gnu::always_inline]] inline arch::Registers registers(const SignalContext& context) noexcept {
    arch::Registers result;
    static_assert(sizeof result.value == sizeof context.registers);
    for (unsigned i = 0; i < arch::Registers::count; ++i) result.value[i] = context.registers[i];
    return result;
}
inline std::uintptr_t instruction_pointer(const SignalContext& c) noexcept { return c.registers[arch::Registers::pc]; }
inline std::uintptr_t stack_pointer(const SignalContext& c) noexcept { return c.registers[arch::Registers::sp]; }

}  // namespace unicore::platform::linux::impl
