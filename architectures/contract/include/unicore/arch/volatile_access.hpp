// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace unicore::arch {

/// DeviceAccess where whatever the compiler makes of a volatile access will do.
struct VolatileAccess {
    static std::uint32_t read32(std::uintptr_t base, std::uint32_t offset) noexcept {
        return at<std::uint32_t>(base + offset);
    }
    static std::uint16_t read16(std::uintptr_t base, std::uint32_t offset) noexcept {
        return at<std::uint16_t>(base + offset);
    }
    static std::uint8_t read8(std::uintptr_t base, std::uint32_t offset) noexcept {
        return at<std::uint8_t>(base + offset);
    }
    static void write32(std::uintptr_t base, std::uint32_t offset, std::uint32_t value) noexcept {
        at<std::uint32_t>(base + offset) = value;
    }
    static void write16(std::uintptr_t base, std::uint32_t offset, std::uint16_t value) noexcept {
        at<std::uint16_t>(base + offset) = value;
    }
    static void write8(std::uintptr_t base, std::uint32_t offset, std::uint8_t value) noexcept {
        at<std::uint8_t>(base + offset) = value;
    }

private:
    template <typename T>
    static volatile T& at(std::uintptr_t address) noexcept {
        return *reinterpret_cast<volatile T*>(address);
    }
};

}  // namespace unicore::arch
