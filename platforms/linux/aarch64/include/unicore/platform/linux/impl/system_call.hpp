// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/platform/linux/impl/abi.hpp>

namespace unicore::platform::linux::impl {

/// [syscall(2): number in x8, arguments from x0 on; -errno comes back in x0; nothing else is changed]
[[gnu::always_inline]] inline long enter(Call number, long a = 0, long b = 0, long c = 0, long d = 0) noexcept {
    register long x8 asm("x8") = static_cast<long>(number);
    register long x0 asm("x0") = a;
    register long x1 asm("x1") = b;
    register long x2 asm("x2") = c;
    register long x3 asm("x3") = d;
    asm volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3) : "memory");
    return x0;
}
[[gnu::always_inline]] inline long enter(Call number, long a, long b, long c, long d, long e, long f) noexcept {
    register long x8 asm("x8") = static_cast<long>(number);
    register long x0 asm("x0") = a;
    register long x1 asm("x1") = b;
    register long x2 asm("x2") = c;
    register long x3 asm("x3") = d;
    register long x4 asm("x4") = e;
    register long x5 asm("x5") = f;
    asm volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory");
    return x0;
}

}  // namespace unicore::platform::linux::impl
