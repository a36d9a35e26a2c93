// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace unicore::arch {

/// The general registers in the order in which the trap entry leaves them on the stack.
struct Registers {
    std::uint64_t r15, r14, r13, r12, r11, r10, r9, r8;
    std::uint64_t rdi, rsi, rbp, rbx, rdx, rcx, rax;
    std::uint64_t rip, rsp, rflags;
};

}  // namespace unicore::arch
