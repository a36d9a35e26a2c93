// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace unicore::arch::x86_64 {

inline constexpr unsigned page_fault = 14;
inline constexpr std::uint64_t page_fault_write = 1 << 1;
inline constexpr std::uint64_t page_fault_fetch = 1 << 4;

/// Exceptions that push an error code: #DF, #TS, #NP, #SS, #GP, #PF, #AC, #CP, #VC, #SX.
/// [Intel SDM vol. 3A, table 6-1; AMD APM vol. 2, 8.2]
inline constexpr std::uint64_t vectors_with_error = 0x6022'7d00;

/// NMI, double fault, page fault and machine check run on a stack of their own: the current one may
/// be what failed.
inline constexpr std::uint64_t vectors_on_emergency_stack = 1 << 2 | 1 << 8 | 1 << page_fault | 1 << 18;

/// A 64-bit interrupt gate. [Intel SDM vol. 3A, figure 6-8]
struct Gate {
    std::uint16_t entry_low{};
    std::uint16_t selector{};
    std::uint8_t interrupt_stack{};
    std::uint8_t type{};
    std::uint16_t entry_middle{};
    std::uint64_t entry_high{};

    static constexpr std::uint16_t code_selector = 8;
    static constexpr std::uint8_t present_interrupt_gate = 0x8e;

    static constexpr Gate create(std::uint64_t entry, std::uint8_t interrupt_stack) noexcept {
        return {static_cast<std::uint16_t>(entry),       code_selector, interrupt_stack, present_interrupt_gate,
                static_cast<std::uint16_t>(entry >> 16), entry >> 32};
    }
};
static_assert(sizeof(Gate) == 16);

}  // namespace unicore::arch::x86_64
