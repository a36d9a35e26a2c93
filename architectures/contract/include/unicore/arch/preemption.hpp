// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/arch/impl/interrupted.hpp>  // the selected architecture's: interrupted_size

#include <cstddef>

extern "C" {
void unicore_save_interrupted(std::byte* state) noexcept;
void unicore_restore_interrupted(const std::byte* state) noexcept;
}

namespace unicore::arch {

/// Called when an interrupt has been handled, masked, on the stack of the thread that it interrupted: a scheduler goes on
/// with another thread there. Weak, and does nothing, where interrupts come in. Context: interrupt.
void interrupt_ends() noexcept;

/// What of an interrupted thread is neither on its stack nor kept by Context: floating-point and vector registers that
/// functions may change, and where it goes on, where the CPU's entry notes that elsewhere.
class InterruptedState {
public:
    void save() noexcept { unicore_save_interrupted(bytes_); }
    void restore() const noexcept { unicore_restore_interrupted(bytes_); }

private:
    alignas(16) std::byte bytes_[interrupted_size];
};

}  // namespace unicore::arch
