// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>

/// I/O ports. [Intel SDM vol. 1, 19]
namespace unicore::arch::ports {

inline void write8(std::uint16_t port, std::uint8_t value) noexcept {
    asm volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}
inline void write16(std::uint16_t port, std::uint16_t value) noexcept {
    asm volatile("outw %0, %1" : : "a"(value), "Nd"(port));
}
inline void write32(std::uint16_t port, std::uint32_t value) noexcept {
    asm volatile("outl %0, %1" : : "a"(value), "Nd"(port));
}
inline std::uint8_t read8(std::uint16_t port) noexcept {
    std::uint8_t value;
    asm volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}
inline std::uint16_t read16(std::uint16_t port) noexcept {
    std::uint16_t value;
    asm volatile("inw %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}
inline std::uint32_t read32(std::uint16_t port) noexcept {
    std::uint32_t value;
    asm volatile("inl %1, %0" : "=a"(value) : "Nd"(port));
    return value;
}
/// Writes `count` bytes to one port in a row: one trap to the hypervisor instead of `count`.
inline void write8_all(std::uint16_t port, const char* bytes, std::size_t count) noexcept {
    asm volatile("rep outsb" : "+S"(bytes), "+c"(count) : "d"(port) : "memory");
}

}  // namespace unicore::arch::ports
