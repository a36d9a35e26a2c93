// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>

namespace unicore::arch {

/// DeviceAccess where whatever the compiler makes of a volatile access will do.
struct VolatileAccess {
    static std::uint32_t read32(std::uintptr_t address) noexcept { return at<std::uint32_t>(address); }
    static void write32(std::uintptr_t address, std::uint32_t value) noexcept { at<std::uint32_t>(address) = value; }
    static void write8(std::uintptr_t address, std::uint8_t value) noexcept { at<std::uint8_t>(address) = value; }

private:
    template <typename T>
    static volatile T& at(std::uintptr_t address) noexcept {
        return *reinterpret_cast<volatile T*>(address);
    }
};

}  // namespace unicore::arch
