// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

/// The local APIC's timer. It interrupts once, at the moment it is armed for; its handler does
/// nothing but acknowledge, the interrupt is there to end a halt. Context of all: masked.
namespace unicore::interrupts::pc::timer {

/// What the timer is armed with.
enum class Mode : std::uint32_t {
    one_shot = 0,           ///< ticks of its own, at a rate that nothing tells: the bus clock's / 16
    deadline = 1 << 18,     ///< a value of the time-stamp counter; only where CPUID has TSC-deadline
};

/// Starts the local APIC if it is not running, and sets what the timer is armed with from here on; it
/// is not armed then. Panics when there is no local APIC.
void start(Mode mode) noexcept;

/// In mode one_shot: `ticks` from now, at least one; and how many are left, 0 when it has run out.
void arm(std::uint32_t ticks) noexcept;
std::uint32_t left() noexcept;

/// Whether it was armed, and has not interrupted since.
bool armed() noexcept;

/// In mode deadline: when the time-stamp counter reaches `cycles`, at once when it has.
void arm_deadline(std::uint64_t cycles) noexcept;

}  // namespace unicore::interrupts::pc::timer
