// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace unicore::arch {

/// r0 to r15, then the status, as a fault's handler collects them.
struct Registers {
    enum Name { frame_pointer = 11, sp = 13, link = 14, pc = 15, cpsr, count };

    std::uintptr_t value[count];
};

}  // namespace unicore::arch
