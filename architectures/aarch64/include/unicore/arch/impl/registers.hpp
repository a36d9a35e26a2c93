// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace unicore::arch {

/// x0 to x30, then the stack pointer, the instruction and the status, as the vectors leave them on the stack.
struct Registers {
    enum Name { frame_pointer = 29, link = 30, sp, pc, pstate, count };

    std::uintptr_t value[count];
};

}  // namespace unicore::arch
