// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>

/// Where the 64 KiB of the bus's I/O ports are; the platform says so (unicore_image_link, DEFINE). Mapped from the
/// first instruction of C++ on.
extern "C" std::byte unicore_io_ports[];

/// I/O ports, which MIPS has no instructions for: a bridge shows them as memory, uncached and so in order.
namespace unicore::arch::ports {

template <typename T>
[[gnu::always_inline]] inline volatile T& at(std::uint16_t port) noexcept {
    return *reinterpret_cast<volatile T*>(unicore_io_ports + port);
}

inline void write8(std::uint16_t port, std::uint8_t value) noexcept { at<std::uint8_t>(port) = value; }
inline void write16(std::uint16_t port, std::uint16_t value) noexcept { at<std::uint16_t>(port) = value; }
inline void write32(std::uint16_t port, std::uint32_t value) noexcept { at<std::uint32_t>(port) = value; }
inline std::uint8_t read8(std::uint16_t port) noexcept { return at<std::uint8_t>(port); }
inline std::uint16_t read16(std::uint16_t port) noexcept { return at<std::uint16_t>(port); }
inline std::uint32_t read32(std::uint16_t port) noexcept { return at<std::uint32_t>(port); }
inline void write8_all(std::uint16_t port, const char* bytes, std::size_t count) noexcept {
    for (; count != 0; --count) write8(port, static_cast<std::uint8_t>(*bytes++));
}

}  // namespace unicore::arch::ports
