// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace unicore::arch {

/// $1 to $31, then HI, LO and the instruction, as a fault's handler collects them.
struct Registers {
    enum Name { at, sp = 28, frame_pointer, link, hi, lo, epc, count };

    std::uintptr_t value[count];
};

}  // namespace unicore::arch
