// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace unicore::arch {

/// What is portable of a context.
struct Registers {
    std::uintptr_t instruction;
    std::uintptr_t stack;
};

}  // namespace unicore::arch
