// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/result.hpp>

#include <cstdint>

/// Lines IRQ0 to IRQ15 of a PC. Context of all: masked.
namespace unicore::interrupts::isa {

/// Input 2 of the first 8259 is where the second one is connected, so nothing else can be there.
inline constexpr std::uint8_t cascade = 2;

/// How an interrupt gets to the CPU, and so who is told of its end.
enum class Delivery : std::uint8_t {
    external,  ///< by a wire to the local APIC's LINT0; the controller knows the vector and wants to be told
    message,   ///< as a message to the local APIC, which wants to be told
};

/// Sets the controller up, every line masked: line n becomes vector `first_vector` + n, a multiple of 8, on the
/// CPU with the local APIC `cpu`. Errors: not_found where the machine has none; out_of_memory.
Result<Delivery> start(std::uint8_t first_vector, std::uint32_t cpu) noexcept;

void mask(std::uint8_t line) noexcept;
void unmask(std::uint8_t line) noexcept;

/// With Delivery::external: ends the interrupt of exactly that line; none pending is fine.
void end_of_interrupt(std::uint8_t line) noexcept;

}  // namespace unicore::interrupts::isa
