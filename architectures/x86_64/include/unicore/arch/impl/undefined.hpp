// SPDX-License-Identifier: BSD-3-Clause
#pragma once

namespace unicore::arch {

struct Undefined {
    /// [Intel SDM vol. 2B, UD]
    [[gnu::always_inline]] static void execute() noexcept { asm volatile("ud2"); }
};

}  // namespace unicore::arch
