// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
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

/// Where a platform whose mask is not the CPU's halts: the address of the instruction. It says itself when interrupts end
/// (arch::interrupt_ends). Null elsewhere. An interrupt that comes in front of that instruction ends the wait: STI keeps
/// it away until the CPU halts, but emulators of nested hypervisors forget that when they are interrupted there (QEMU's
/// VMRUN does not load INTERRUPT_SHADOW [AMD APM vol. 2, 15.21.5]), and nothing else would end it.
inline constinit const std::byte* platform_halt = nullptr;

}  // namespace unicore::arch::x86_64
