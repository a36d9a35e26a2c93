// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/arch/x86_64/cpu.hpp>

#include <cstdint>

namespace unicore::arch {

/// RDSEED and RDRAND. The carry flag tells whether there was a word.
/// [Intel SDM vol. 1, 7.3.17; vol. 2A, CPUID leaf 1 ECX and leaf 7 EBX]
struct Random {
    static RandomKind kind() noexcept {
        constexpr std::uint32_t features = 1, rdrand = 1u << 30;           // ECX
        constexpr std::uint32_t extended_features = 7, rdseed = 1u << 18;  // EBX
        const std::uint32_t last_leaf = x86_64::cpuid(0).eax;
        if (last_leaf >= extended_features && (x86_64::cpuid(extended_features).ebx & rdseed) != 0)
            return RandomKind::source;
        if (last_leaf >= features && (x86_64::cpuid(features).ecx & rdrand) != 0) return RandomKind::generator;
        return RandomKind::none;
    }
    static bool draw(RandomKind kind, std::uint64_t& word) noexcept {
        bool drawn;
        if (kind == RandomKind::source) asm volatile("rdseed %0" : "=r"(word), "=@ccc"(drawn));
        else asm volatile("rdrand %0" : "=r"(word), "=@ccc"(drawn));
        return drawn;
    }
};

}  // namespace unicore::arch
