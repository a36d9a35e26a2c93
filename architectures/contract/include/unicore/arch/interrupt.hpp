// SPDX-License-Identifier: BSD-3-Clause
#pragma once

/// One handler for all of a CPU's interrupts, where the CPU has one entry for them.
namespace unicore::arch {

/// Runs masked, on the interrupted stack, with what a function may change saved.
using InterruptHandler = void (*)() noexcept;

/// What runs for every interrupt: the interrupt controller's. Set in thread context or masked.
inline constinit InterruptHandler interrupt_handler = nullptr;

}  // namespace unicore::arch
