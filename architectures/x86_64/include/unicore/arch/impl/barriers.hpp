// SPDX-License-Identifier: BSD-3-Clause
#pragma once

namespace unicore::arch {

/// Loads and stores to ordinary memory keep their order among themselves on x86; only a store
/// followed by a load needs a fence. [Intel SDM vol. 3A, 9.2.2]
struct Barriers {
    static void full() noexcept { asm volatile("mfence" : : : "memory"); }
    static void read() noexcept { asm volatile("" : : : "memory"); }
    static void write() noexcept { asm volatile("" : : : "memory"); }
    static void relax() noexcept { asm volatile("pause"); }
};

}  // namespace unicore::arch
