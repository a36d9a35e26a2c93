// SPDX-License-Identifier: BSD-3-Clause
#pragma once

namespace unicore::arch {

/// Type 0 is the only one that every implementation has. [MIPS32 volume II, SYNC]
struct Barriers {
    static void full() noexcept { asm volatile("sync" : : : "memory"); }
    static void read() noexcept { full(); }
    static void write() noexcept { full(); }
    static void relax() noexcept { asm volatile("pause"); }  // does nothing before release 2
};

}  // namespace unicore::arch
