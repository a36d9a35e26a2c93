// SPDX-License-Identifier: BSD-3-Clause
#pragma once

namespace unicore::power::pc {

/// Asks the keyboard controller to reset the CPU. Returns where there is none. Context: any.
void reset_by_keyboard_controller() noexcept;

/// Faults without a way to handle it, which resets every x86 CPU. Context: any.
[[noreturn]] void triple_fault() noexcept;

/// Resets the machine by whatever it has. Context: any.
[[noreturn]] void restart() noexcept;

}  // namespace unicore::power::pc
