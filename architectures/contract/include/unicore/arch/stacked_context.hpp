// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace unicore::arch {

struct StackedContext;

extern "C" {
/// Pushes what functions keep, notes the stack pointer and the floating-point control, goes on with `to`.
void unicore_switch(StackedContext& from, StackedContext& to) noexcept;
/// Makes a context as that leaves it, of a thread that begins with main(argument) on a stack that ends at `top`.
void unicore_prepare(StackedContext& context, std::byte* top, void (*main)(void*) noexcept, void* argument) noexcept;
}

/// ThreadContext where a switch is a function that saves registers on the stack. The order of its members is what
/// assembly knows.
struct StackedContext {
    void* stack_pointer = nullptr;
    std::uintptr_t floating_point_control = 0;

    void prepare(std::span<std::byte> stack, void (*main)(void*) noexcept, void* argument) noexcept {
        constexpr std::uintptr_t alignment = 16;  // of every calling convention
        const std::uintptr_t end = reinterpret_cast<std::uintptr_t>(stack.data() + stack.size());
        unicore_prepare(*this, stack.data() + stack.size() - end % alignment, main, argument);
    }
    [[gnu::always_inline]] static void switch_to(StackedContext& from, StackedContext& to) noexcept {
        unicore_switch(from, to);
    }
};

}  // namespace unicore::arch
