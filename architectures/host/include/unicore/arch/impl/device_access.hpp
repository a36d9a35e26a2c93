// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/arch/volatile_access.hpp>

#include <cstdint>

namespace unicore::arch {

/// Registers as a test's model of the device sees them; without one, plain memory.
struct DeviceAccess {
    /// What stands behind the addresses. Widths are in bits.
    struct Model {
        std::uint32_t (*read)(std::uintptr_t address, unsigned width) noexcept;
        void (*write)(std::uintptr_t address, std::uint32_t value, unsigned width) noexcept;
    };

    /// Set by a test before it runs a driver.
    static inline constinit const Model* model = nullptr;

    static std::uint32_t read32(std::uintptr_t base, std::uint32_t offset) noexcept {
        return model != nullptr ? model->read(base + offset, 32) : VolatileAccess::read32(base, offset);
    }
    static std::uint16_t read16(std::uintptr_t base, std::uint32_t offset) noexcept {
        return model != nullptr ? static_cast<std::uint16_t>(model->read(base + offset, 16))
                                : VolatileAccess::read16(base, offset);
    }
    static std::uint8_t read8(std::uintptr_t base, std::uint32_t offset) noexcept {
        return model != nullptr ? static_cast<std::uint8_t>(model->read(base + offset, 8))
                                : VolatileAccess::read8(base, offset);
    }
    static void write32(std::uintptr_t base, std::uint32_t offset, std::uint32_t value) noexcept {
        if (model != nullptr) model->write(base + offset, value, 32);
        else VolatileAccess::write32(base, offset, value);
    }
    static void write16(std::uintptr_t base, std::uint32_t offset, std::uint16_t value) noexcept {
        if (model != nullptr) model->write(base + offset, value, 16);
        else VolatileAccess::write16(base, offset, value);
    }
    static void write8(std::uintptr_t base, std::uint32_t offset, std::uint8_t value) noexcept {
        if (model != nullptr) model->write(base + offset, value, 8);
        else VolatileAccess::write8(base, offset, value);
    }
};

}  // namespace unicore::arch
