// SPDX-License-Identifier: BSD-3-Clause
#pragma once

namespace unicore::arch {

/// Devices and other masters see memory in the outer shareable domain at most; `sy` is right for all.
/// ARMv7 orders loads by the full barrier only. [Arm DDI 0406C, A3.8.3; A8.8.43, DMB]
struct Barriers {
    static void full() noexcept { asm volatile("dmb sy" : : : "memory"); }
    static void read() noexcept { full(); }
    static void write() noexcept { asm volatile("dmb st" : : : "memory"); }
    static void relax() noexcept { asm volatile("yield"); }
};

}  // namespace unicore::arch
