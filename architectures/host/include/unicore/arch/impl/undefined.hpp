// SPDX-License-Identifier: BSD-3-Clause
#pragma once

namespace unicore::arch {

struct Undefined {
    [[gnu::always_inline]] static void execute() noexcept { __builtin_trap(); }
};

}  // namespace unicore::arch
