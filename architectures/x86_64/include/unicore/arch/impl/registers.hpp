// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace unicore::arch {

/// The general registers in the order in which the trap entry leaves them on the stack, then what the
/// CPU itself pushes.
struct Registers {
    enum Name { r15, r14, r13, r12, r11, r10, r9, r8, rdi, rsi, rbp, rbx, rdx, rcx, rax, rip, rsp, rflags, count };
    static constexpr unsigned general = rip;  ///< how many come first

    std::uintptr_t value[count];
};

}  // namespace unicore::arch
