// SPDX-License-Identifier: BSD-3-Clause
#pragma once

namespace unicore::arch {

/// Devices and other masters see memory in the outer shareable domain at most; `sy` is right for all.
/// [Arm DDI 0487, B2.3.12, DMB]
struct Barriers {
    static void full() noexcept { asm volatile("dmb sy" : : : "memory"); }
    static void read() noexcept { asm volatile("dmb ld" : : : "memory"); }
    static void write() noexcept { asm volatile("dmb st" : : : "memory"); }
    static void relax() noexcept { asm volatile("yield"); }
};

}  // namespace unicore::arch
