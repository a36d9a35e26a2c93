// SPDX-License-Identifier: BSD-3-Clause
#pragma once

/// One handler for all of a CPU's interrupts, where the CPU has one entry for them: defined by the selected architecture.
namespace unicore::arch {

/// Runs masked, on the interrupted stack, with what a function may change saved.
using InterruptHandler = void (*)() noexcept;

/// What runs for every interrupt: the interrupt controller's. Context: thread or masked.
void set_interrupt_handler(InterruptHandler handler) noexcept;

}  // namespace unicore::arch
