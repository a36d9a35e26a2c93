// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace unicore::arch {

/// Of one register, without writing the base register back: those that the syndrome of a fault describes, where
/// compilers are free to take pairs and other forms for volatile accesses as well.
/// An offset that is a constant, below 4 KiB, is part of the instruction; others are in a register.
/// [Arm DDI 0487, D13.2.37, ESR_EL2.ISS for data aborts, ISV]
struct DeviceAccess {
    static std::uint32_t read32(std::uintptr_t base, std::uint64_t offset) noexcept {
        std::uint32_t value;
        asm volatile("ldr %w0, [%1, %2]" : "=r"(value) : "r"(base), "Ir"(offset) : "memory");
        return value;
    }
    static std::uint16_t read16(std::uintptr_t base, std::uint64_t offset) noexcept {
        std::uint32_t value;
        asm volatile("ldrh %w0, [%1, %2]" : "=r"(value) : "r"(base), "Ir"(offset) : "memory");
        return static_cast<std::uint16_t>(value);
    }
    static std::uint8_t read8(std::uintptr_t base, std::uint64_t offset) noexcept {
        std::uint32_t value;
        asm volatile("ldrb %w0, [%1, %2]" : "=r"(value) : "r"(base), "Ir"(offset) : "memory");
        return static_cast<std::uint8_t>(value);
    }
    static void write32(std::uintptr_t base, std::uint64_t offset, std::uint32_t value) noexcept {
        asm volatile("str %w2, [%0, %1]" : : "r"(base), "Ir"(offset), "r"(value) : "memory");
    }
    static void write16(std::uintptr_t base, std::uint64_t offset, std::uint16_t value) noexcept {
        asm volatile("strh %w2, [%0, %1]" : : "r"(base), "Ir"(offset), "r"(value) : "memory");
    }
    static void write8(std::uintptr_t base, std::uint64_t offset, std::uint8_t value) noexcept {
        asm volatile("strb %w2, [%0, %1]" : : "r"(base), "Ir"(offset), "r"(value) : "memory");
    }
};

}  // namespace unicore::arch
