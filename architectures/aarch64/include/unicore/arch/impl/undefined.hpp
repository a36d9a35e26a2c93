// SPDX-License-Identifier: BSD-3-Clause
#pragma once

namespace unicore::arch {

struct Undefined {
    /// [Arm DDI 0487, C6.2.387, UDF]
    [[gnu::always_inline]] static void execute() noexcept { asm volatile("udf #0"); }
};

}  // namespace unicore::arch
