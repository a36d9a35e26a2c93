// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/platform/linux/impl/abi.hpp>

namespace unicore::platform::linux::impl {

/// [System V ABI x86-64, A.2.1: number in %rax; %rcx and %r11 are destroyed; -errno comes back]
/// Arguments that a call has not are left as they are in the registers: nothing to set, nothing leaks.
[[gnu::always_inline]] inline long enter(Call number) noexcept {
    long result = static_cast<long>(number);
    asm volatile("syscall" : "+a"(result) : : "rcx", "r11", "memory");
    return result;
}
[[gnu::always_inline]] inline long enter(Call number, long a) noexcept {
    long result = static_cast<long>(number);
    asm volatile("syscall" : "+a"(result) : "D"(a) : "rcx", "r11", "memory");
    return result;
}
[[gnu::always_inline]] inline long enter(Call number, long a, long b) noexcept {
    long result = static_cast<long>(number);
    asm volatile("syscall" : "+a"(result) : "D"(a), "S"(b) : "rcx", "r11", "memory");
    return result;
}
[[gnu::always_inline]] inline long enter(Call number, long a, long b, long c) noexcept {
    long result = static_cast<long>(number);
    asm volatile("syscall" : "+a"(result) : "D"(a), "S"(b), "d"(c) : "rcx", "r11", "memory");
    return result;
}
[[gnu::always_inline]] inline long enter(Call number, long a, long b, long c, long d) noexcept {
    long result = static_cast<long>(number);
    register long r10 asm("r10") = d;
    asm volatile("syscall" : "+a"(result) : "D"(a), "S"(b), "d"(c), "r"(r10) : "rcx", "r11", "memory");
    return result;
}
[[gnu::always_inline]] inline long enter(Call number, long a, long b, long c, long d, long e, long f) noexcept {
    long result = static_cast<long>(number);
    register long r10 asm("r10") = d;
    register long r8 asm("r8") = e;
    register long r9 asm("r9") = f;
    asm volatile("syscall"
                 : "+a"(result)
                 : "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                 : "rcx", "r11", "memory");
    return result;
}

}  // namespace unicore::platform::linux::impl
