// SPDX-License-Identifier: BSD-3-Clause
/// What CPUID says of clocks. `Cpu::cpuid(leaf)` yields eax, ebx, ecx and edx.
#pragma once

#include <cstdint>

namespace unicore::time::tsc {

/// Whether a time-stamp counter may have this frequency: 8.4 MHz to 20 GHz.
constexpr bool plausible(std::uint64_t hertz) noexcept { return (hertz >> 23) - 1 < 2383; }

inline constexpr std::uint32_t hypervisor_leaf = 0x4000'0000;

/// The register that takes the address of KVM's clock page; 0 when there is no such clock. Without a
/// hypervisor these leaves repeat another one, which has no such signature.
/// [Linux, Documentation/virt/kvm/x86/cpuid.rst]
template <typename Cpu>
[[gnu::always_inline]] inline std::uint32_t kvmclock_register() noexcept {
    constexpr std::uint32_t stride = 0x100, bases = 16;  // KVM stands behind the interfaces it imitates
    for (std::uint32_t base = hypervisor_leaf; base != hypervisor_leaf + bases * stride; base += stride) {
        const auto signature = Cpu::cpuid(base);
        if (signature.ebx != 0x4b4d'564b || signature.ecx != 0x564b'4d56) continue;  // KVMKVMKV(M)
        const std::uint32_t features = Cpu::cpuid(base + 1).eax;
        if ((features & 1 << 3) != 0) return 0x4b56'4d01;  // MSR_KVM_SYSTEM_TIME_NEW
        if ((features & 1 << 0) != 0) return 0x12;         // MSR_KVM_SYSTEM_TIME
    }
    return 0;
}

/// The time-stamp counter's frequency in hertz; 0 when CPUID does not tell.
/// [Intel SDM vol. 3B, 19.7.3; VMware, "Mechanisms to determine if software is running in a VMware
/// virtual machine", timing information leaf]
template <typename Cpu>
[[gnu::always_inline]] inline std::uint64_t frequency() noexcept {
    constexpr std::uint32_t timing = 0x10;
    if (Cpu::cpuid(hypervisor_leaf).eax - hypervisor_leaf - timing < 0x100)
        return std::uint64_t{Cpu::cpuid(hypervisor_leaf + timing).eax} * 1000;
    const std::uint32_t last = Cpu::cpuid(0).eax;
    if (last < 0x15) return 0;
    const auto counter = Cpu::cpuid(0x15);  // eax, ebx: counter ticks per crystal tick; ecx: the crystal
    if (counter.eax == 0) return 0;
    if (counter.ecx != 0) return std::uint64_t{counter.ecx} * counter.ebx / counter.eax;
    // With a crystal that it does not tell, the base frequency is the counter's.
    return last < 0x16 ? 0 : std::uint64_t{Cpu::cpuid(0x16).eax & 0xffff} * 1'000'000;
}

}  // namespace unicore::time::tsc
