// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

/// Instructions that only x86 has, for components that are about x86.
namespace unicore::arch::x86_64 {

struct CpuidLeaf {
    std::uint32_t eax, ebx, ecx, edx;
};

/// What the CPU says of itself. Asking for a leaf above the maximum yields nonsense: check leaf 0,
/// 0x40000000 or 0x80000000 first. [Intel SDM vol. 2A, CPUID]
inline CpuidLeaf cpuid(std::uint32_t leaf, std::uint32_t subleaf = 0) noexcept {
    CpuidLeaf result;
    asm volatile("cpuid"
                 : "=a"(result.eax), "=b"(result.ebx), "=c"(result.ecx), "=d"(result.edx)
                 : "a"(leaf), "c"(subleaf));
    return result;
}

/// Model-specific registers. A register that does not exist faults. [Intel SDM vol. 4]
inline std::uint64_t read_msr(std::uint32_t number) noexcept {
    std::uint32_t low, high;
    asm volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(number));
    return std::uint64_t{high} << 32 | low;
}
inline void write_msr(std::uint32_t number, std::uint64_t value) noexcept {
    asm volatile("wrmsr"
                 :
                 : "c"(number), "a"(static_cast<std::uint32_t>(value)),
                   "d"(static_cast<std::uint32_t>(value >> 32))
                 : "memory");
}

/// The time-stamp counter without a fence around it.
inline std::uint64_t read_tsc() noexcept {
    std::uint32_t low, high;
    asm volatile("rdtsc" : "=a"(low), "=d"(high));
    return std::uint64_t{high} << 32 | low;
}

}  // namespace unicore::arch::x86_64
