// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/arch/x86_64/vectors.hpp>

#include <cstdint>

namespace unicore::interrupts::pc {

inline constexpr std::uint8_t isa_vector = arch::x86_64::first_interrupt_vector;  // of IRQ0; a multiple of 8
inline constexpr std::uint8_t timer_vector = isa_vector + 16;
inline constexpr std::uint8_t first_message_vector = timer_vector + 1;
inline constexpr std::uint8_t spurious_vector = 0x3f;  // older APICs have the low four bits always set
inline constexpr std::uint8_t message_vectors = spurious_vector - first_message_vector;

}  // namespace unicore::interrupts::pc
