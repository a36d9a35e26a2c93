// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace unicore::arch::x86_64 {

/// Interrupt vectors above the CPU's 32 exceptions that the descriptor table has gates for.
inline constexpr std::uint8_t first_interrupt_vector = 32;
inline constexpr std::uint8_t interrupt_vectors = 32;

/// Runs masked, on the interrupted stack, with general registers saved; acknowledges its
/// controller and wakes, nothing else.
using InterruptHandler = void (*)() noexcept;

/// Sets what runs for an interrupt vector, first_interrupt_vector up to first_interrupt_vector +
/// interrupt_vectors - 1. An interrupt without a handler panics. Context: thread or masked.
void set_interrupt_handler(std::uint8_t vector, InterruptHandler handler) noexcept;

/// Whether it is the platform that says when interrupts end (arch::interrupt_ends), because its mask is not the CPU's.
inline constinit bool platform_ends_interrupts = false;

}  // namespace unicore::arch::x86_64
