// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace unicore::arch {

/// Of one register, without writing the base register back: those that the syndrome of a fault describes, where
/// compilers are free to take pairs and other forms for volatile accesses as well.
/// [Arm DDI 0487, D13.2.37, ESR_EL2.ISS for data aborts, ISV]
struct DeviceAccess {
    static std::uint32_t read32(std::uintptr_t address) noexcept {
        std::uint32_t value;
        asm volatile("ldr %w0, %1" : "=r"(value) : "Q"(at<std::uint32_t>(address)));
        return value;
    }
    static void write32(std::uintptr_t address, std::uint32_t value) noexcept {
        asm volatile("str %w1, %0" : "=Q"(at<std::uint32_t>(address)) : "r"(value));
    }
    static void write8(std::uintptr_t address, std::uint8_t value) noexcept {
        asm volatile("strb %w1, %0" : "=Q"(at<std::uint8_t>(address)) : "r"(value));
    }

private:
    template <typename T>
    static volatile T& at(std::uintptr_t address) noexcept {
        return *reinterpret_cast<volatile T*>(address);
    }
};

}  // namespace unicore::arch
