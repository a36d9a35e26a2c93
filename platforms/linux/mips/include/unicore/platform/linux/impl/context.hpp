// SPDX-License-Identifier: BSD-3-Clause
/// What a signal's context says of the CPU.
#pragma once

#include <unicore/arch/mips/stores.hpp>
#include <unicore/arch/registers.hpp>
#include <unicore/platform/linux/access.hpp>
#include <unicore/platform/linux/impl/abi.hpp>

namespace unicore::platform::linux::impl {

[[gnu::always_inline]] inline arch::Registers registers(const SignalContext& context) noexcept {
    using R = arch::Registers;
    R result;
    for (unsigned i = 1; i < 32; ++i) result.value[R::at + i - 1] = static_cast<std::uint32_t>(context.registers[i]);
    result.value[R::hi] = static_cast<std::uint32_t>(context.hi);
    result.value[R::lo] = static_cast<std::uint32_t>(context.lo);
    result.value[R::epc] = static_cast<std::uint32_t>(context.pc);
    return result;
}
inline std::uintptr_t instruction_pointer(const SignalContext& c) noexcept { return static_cast<std::uint32_t>(c.pc); }
inline std::uintptr_t stack_pointer(const SignalContext& c) noexcept {
    return static_cast<std::uint32_t>(c.registers[29]);
}

/// From the instruction: the kernel does not hand on the Cause register.
[[gnu::always_inline]] inline Access access(const SignalContext& c, std::uintptr_t address) noexcept {
    return decode_access(instruction_pointer(c), address, arch::mips::stores);
}

}  // namespace unicore::platform::linux::impl
