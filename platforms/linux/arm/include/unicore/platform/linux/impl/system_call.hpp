// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/platform/linux/impl/abi.hpp>

namespace unicore::platform::linux::impl {

/// [syscall(2), EABI: number in r7, arguments from r0 on; -errno comes back in r0; nothing else is changed]
[[gnu::always_inline]] inline long enter(Call number, long a = 0, long b = 0, long c = 0, long d = 0) noexcept {
    register long r7 asm("r7") = static_cast<long>(number);
    register long r0 asm("r0") = a;
    register long r1 asm("r1") = b;
    register long r2 asm("r2") = c;
    register long r3 asm("r3") = d;
    asm volatile("svc #0" : "+r"(r0) : "r"(r7), "r"(r1), "r"(r2), "r"(r3) : "memory");
    return r0;
}
[[gnu::always_inline]] inline long enter(Call number, long a, long b, long c, long d, long e, long f) noexcept {
    register long r7 asm("r7") = static_cast<long>(number);
    register long r0 asm("r0") = a;
    register long r1 asm("r1") = b;
    register long r2 asm("r2") = c;
    register long r3 asm("r3") = d;
    register long r4 asm("r4") = e;
    register long r5 asm("r5") = f;
    asm volatile("svc #0" : "+r"(r0) : "r"(r7), "r"(r1), "r"(r2), "r"(r3), "r"(r4), "r"(r5) : "memory");
    return r0;
}

}  // namespace unicore::platform::linux::impl
