// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

/// The two 8259 interrupt controllers of a PC, the second connected to input 2 of the first.
namespace unicore::interrupts::pc::i8259 {

inline constexpr std::uint8_t cascade = 2;

/// Masks every line, whatever firmware left.
void mask_all() noexcept;

/// Makes lines 0 to 15 vectors from `first_vector` on, a multiple of 8, all of them masked.
void start(std::uint8_t first_vector) noexcept;

void mask(std::uint8_t line) noexcept;
void unmask(std::uint8_t line) noexcept;

/// Ends the interrupt of exactly that line; none pending is fine.
void end_of_interrupt(std::uint8_t line) noexcept;

}  // namespace unicore::interrupts::pc::i8259
