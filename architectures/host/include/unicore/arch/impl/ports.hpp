// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>

/// I/O ports as a test's model of the device sees them.
namespace unicore::arch::ports {

/// What stands behind the ports. Widths are in bits.
struct Model {
    std::uint32_t (*read)(std::uint16_t port, unsigned width) noexcept;
    void (*write)(std::uint16_t port, std::uint32_t value, unsigned width) noexcept;
};

/// Nothing there: reads float high, writes vanish.
inline constexpr Model empty_bus{
    [](std::uint16_t, unsigned width) noexcept { return width == 32 ? 0xffffffff : (1u << width) - 1; },
    [](std::uint16_t, std::uint32_t, unsigned) noexcept {}};

/// Set by a test before it runs a driver.
inline constinit Model model = empty_bus;

inline void write8(std::uint16_t port, std::uint8_t value) noexcept { model.write(port, value, 8); }
inline void write16(std::uint16_t port, std::uint16_t value) noexcept { model.write(port, value, 16); }
inline void write32(std::uint16_t port, std::uint32_t value) noexcept { model.write(port, value, 32); }
inline std::uint8_t read8(std::uint16_t port) noexcept { return static_cast<std::uint8_t>(model.read(port, 8)); }
inline std::uint16_t read16(std::uint16_t port) noexcept { return static_cast<std::uint16_t>(model.read(port, 16)); }
inline std::uint32_t read32(std::uint16_t port) noexcept { return model.read(port, 32); }
inline void write8_all(std::uint16_t port, const char* bytes, std::size_t count) noexcept {
    for (; count > 0; --count) write8(port, static_cast<std::uint8_t>(*bytes++));
}

}  // namespace unicore::arch::ports
