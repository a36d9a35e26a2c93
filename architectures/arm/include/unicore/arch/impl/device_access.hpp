// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace unicore::arch {

/// Of one register, without writing the base register back: those that the syndrome of a fault describes, where
/// compilers are free to take pairs and other forms for volatile accesses as well. Values go through r3 and never
/// through the link register: to a hypervisor in AArch64 state a syndrome must name registers as that state does,
/// where each mode's link register is another one, and QEMU's names it like AArch32.
/// [Arm DDI 0406C, B3.13.6, HSR.ISS for data aborts, ISV; Arm DDI 0487, G1.2.3, mapping of registers between states]
struct DeviceAccess {
    static std::uint32_t read32(std::uintptr_t base, std::uint32_t offset) noexcept {
        register std::uint32_t value asm("r3");
        asm volatile("ldr %0, [%1, %2]" : "=r"(value) : "r"(base), "Jr"(offset) : "memory");
        return value;
    }
    // The offset of half a word has 8 bits only: it is left to the base.
    static std::uint16_t read16(std::uintptr_t base, std::uint32_t offset) noexcept {
        register std::uint32_t value asm("r3");
        asm volatile("ldrh %0, [%1]" : "=r"(value) : "r"(base + offset) : "memory");
        return static_cast<std::uint16_t>(value);
    }
    static std::uint8_t read8(std::uintptr_t base, std::uint32_t offset) noexcept {
        register std::uint32_t value asm("r3");
        asm volatile("ldrb %0, [%1, %2]" : "=r"(value) : "r"(base), "Jr"(offset) : "memory");
        return static_cast<std::uint8_t>(value);
    }
    static void write32(std::uintptr_t base, std::uint32_t offset, std::uint32_t value) noexcept {
        register std::uint32_t word asm("r3") = value;
        asm volatile("str %2, [%0, %1]" : : "r"(base), "Jr"(offset), "r"(word) : "memory");
    }
    static void write16(std::uintptr_t base, std::uint32_t offset, std::uint16_t value) noexcept {
        register std::uint32_t word asm("r3") = value;
        asm volatile("strh %1, [%0]" : : "r"(base + offset), "r"(word) : "memory");
    }
    static void write8(std::uintptr_t base, std::uint32_t offset, std::uint8_t value) noexcept {
        register std::uint32_t word asm("r3") = value;
        asm volatile("strb %2, [%0, %1]" : : "r"(base), "Jr"(offset), "r"(word) : "memory");
    }
};

}  // namespace unicore::arch
