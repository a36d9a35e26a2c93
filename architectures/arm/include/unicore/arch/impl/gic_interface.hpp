// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace unicore::arch {

struct GicInterface {
    static void start() noexcept {
        constexpr std::uint32_t system_registers = 1, all_priorities = 0xff, group_one = 1;
        asm volatile("mcr p15, 0, %0, c12, c12, 5\n\tisb" : : "r"(system_registers));  // ICC_SRE
        asm volatile("mcr p15, 0, %0, c4, c6, 0" : : "r"(all_priorities));             // ICC_PMR
        asm volatile("mcr p15, 0, %0, c12, c12, 7\n\tisb" : : "r"(group_one));         // ICC_IGRPEN1
    }
    static std::uint32_t acknowledge() noexcept {
        std::uint32_t word;
        asm volatile("mrc p15, 0, %0, c12, c12, 0\n\tdsb sy" : "=r"(word) : : "memory");  // ICC_IAR1
        return word;
    }
    static void end(std::uint32_t word) noexcept {
        asm volatile("mcr p15, 0, %0, c12, c12, 1\n\tisb" : : "r"(word) : "memory");  // ICC_EOIR1
    }
    /// Aff3 is zero in AArch32.
    static std::uint32_t affinity() noexcept {
        std::uint32_t id;
        asm("mrc p15, 0, %0, c0, c0, 5" : "=r"(id));  // MPIDR
        return id & 0xff'ffff;
    }
    static std::uint64_t routing() noexcept { return affinity(); }
};

}  // namespace unicore::arch
