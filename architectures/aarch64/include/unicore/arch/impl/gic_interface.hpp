// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace unicore::arch {

struct GicInterface {
    static void start() noexcept {
        constexpr std::uint64_t system_registers = 1, all_priorities = 0xff, group_one = 1;
        asm volatile("msr s3_0_c12_c12_5, %0\n\tisb" : : "r"(system_registers));  // ICC_SRE_EL1
        asm volatile("msr s3_0_c4_c6_0, %0" : : "r"(all_priorities));             // ICC_PMR_EL1
        asm volatile("msr s3_0_c12_c12_7, %0\n\tisb" : : "r"(group_one));         // ICC_IGRPEN1_EL1
    }
    static std::uint32_t acknowledge() noexcept {
        std::uint64_t word;
        asm volatile("mrs %0, s3_0_c12_c12_0\n\tdsb sy" : "=r"(word) : : "memory");  // ICC_IAR1_EL1
        return static_cast<std::uint32_t>(word);
    }
    static void end(std::uint32_t word) noexcept {
        asm volatile("msr s3_0_c12_c12_1, %0\n\tisb" : : "r"(std::uint64_t{word}) : "memory");  // ICC_EOIR1_EL1
    }
    /// Aff3, Aff2, Aff1, Aff0, eight bits each.
    static std::uint32_t affinity() noexcept {
        const std::uint64_t id = routing();
        return static_cast<std::uint32_t>((id >> 8 & 0xff00'0000) | (id & 0xff'ffff));
    }
    static std::uint64_t routing() noexcept {
        std::uint64_t id;
        asm("mrs %0, mpidr_el1" : "=r"(id));
        return id & 0xff'00ff'ffff;
    }
};

}  // namespace unicore::arch
