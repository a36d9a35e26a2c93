// SPDX-License-Identifier: BSD-3-Clause
/// What a signal's context says of the CPU.
#pragma once

#include <unicore/arch/registers.hpp>
#include <unicore/platform/linux/access.hpp>
#include <unicore/platform/linux/impl/abi.hpp>

#include <cstddef>
#include <iterator>

namespace unicore::platform::linux::impl {

// Always inline: compilers take the handler of faults, which does not return, for too cold to inline into.
[[gnu::always_inline]] inline arch::Registers registers(const SignalContext& context) noexcept {
    using C = SignalContext;
    static constexpr std::uint8_t order[] = {7,      6,      5,      4,      3,      2,      1,      0,      C::rdi,
                                             C::rsi, C::rbp, C::rbx, C::rdx, C::rcx, C::rax, C::rip, C::rsp, C::eflags};
    static_assert(std::size(order) == arch::Registers::count);
    arch::Registers result;
    for (std::size_t i = 0; i < std::size(order); ++i) result.value[i] = context.registers[order[i]];
    return result;
}
inline std::uintptr_t instruction_pointer(const SignalContext& c) noexcept { return c.registers[SignalContext::rip]; }
inline std::uintptr_t stack_pointer(const SignalContext& c) noexcept { return c.registers[SignalContext::rsp]; }

/// [Intel SDM vol. 3A, 4.7: page-fault error code]
[[gnu::always_inline]] inline Access access(const SignalContext& c, std::uintptr_t) noexcept {
    constexpr std::uint64_t page_fault = 14, write = 1 << 1, fetch = 1 << 4;
    const std::uint64_t error = c.registers[SignalContext::error];
    if (c.registers[SignalContext::trap] != page_fault) return Access::unknown;
    if ((error & fetch) != 0) return Access::execute;
    return (error & write) != 0 ? Access::write : Access::read;
}

}  // namespace unicore::platform::linux::impl
