// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/platform/linux/impl/abi.hpp>

namespace unicore::platform::linux::impl {

/// [syscall(2), o32: number in $v0, arguments in $a0 to $a3, then on the stack; $a3 tells whether $v0 is an errno;
/// $at, $v1, the temporaries, HI and LO are destroyed]
[[gnu::always_inline]] inline long enter(Call number, long a = 0, long b = 0, long c = 0, long d = 0) noexcept {
    register long v0 asm("$2") = static_cast<long>(number);
    register long a0 asm("$4") = a;
    register long a1 asm("$5") = b;
    register long a2 asm("$6") = c;
    register long a3 asm("$7") = d;
    asm volatile("syscall"
                 : "+r"(v0), "+r"(a3)
                 : "r"(a0), "r"(a1), "r"(a2)
                 : "$1", "$3", "$8", "$9", "$10", "$11", "$12", "$13", "$14", "$15", "$24", "$25", "hi", "lo", "memory");
    return a3 != 0 ? -v0 : v0;
}
[[gnu::always_inline]] inline long enter(Call number, long a, long b, long c, long d, long e, long f) noexcept {
    register long v0 asm("$2") = static_cast<long>(number);
    register long a0 asm("$4") = a;
    register long a1 asm("$5") = b;
    register long a2 asm("$6") = c;
    register long a3 asm("$7") = d;
    // Not by `addiu`, which would look like the prologue of the function: backtraces read that. [arch.mips]
    register long room asm("$16") = 32;
    asm volatile("subu $sp, $sp, %[room]\n\t"
                 "sw %[e], 16($sp)\n\t"
                 "sw %[f], 20($sp)\n\t"
                 "syscall\n\t"
                 "addu $sp, $sp, %[room]"
                 : "+r"(v0), "+r"(a3)
                 : "r"(a0), "r"(a1), "r"(a2), [e] "r"(e), [f] "r"(f), [room] "r"(room)
                 : "$1", "$3", "$8", "$9", "$10", "$11", "$12", "$13", "$14", "$15", "$24", "$25", "hi", "lo", "memory");
    return a3 != 0 ? -v0 : v0;
}

}  // namespace unicore::platform::linux::impl
