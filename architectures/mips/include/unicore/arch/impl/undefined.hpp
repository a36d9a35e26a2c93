// SPDX-License-Identifier: BSD-3-Clause
#pragma once

namespace unicore::arch {

struct Undefined {
    /// Opcode 0x3b is reserved. [MIPS32 volume II, table A.2]
    [[gnu::always_inline]] static void execute() noexcept { asm volatile(".word 0xec000000"); }
};

}  // namespace unicore::arch
