// SPDX-License-Identifier: BSD-3-Clause
#pragma once

namespace unicore::arch {

struct Undefined {
    /// [Arm DDI 0406C, A8.8.247, UDF]
    [[gnu::always_inline]] static void execute() noexcept { asm volatile("udf #0"); }
};

}  // namespace unicore::arch
