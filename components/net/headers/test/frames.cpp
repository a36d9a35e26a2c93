// SPDX-License-Identifier: BSD-3-Clause
#include "frames.hpp"

#include <random>

namespace unicore::test {

std::string frame(std::size_t size, unsigned seed) {
    std::mt19937 random(seed + static_cast<unsigned>(size));
    std::string text("\x00\x16\x3e\x01\x02\x03\x02\x00\x00\x00\x00\x01\x88\xb5", 14);
    for (std::size_t i = 0; i != size; ++i) text += static_cast<char>(random());
    return text;
}

std::string tcp_frame(std::size_t size, bool six) {
    std::string text = frame(0).substr(0, 12);
    const std::size_t length = 20 + size;
    const auto word = [](std::size_t value) {
        return std::string{static_cast<char>(value >> 8), static_cast<char>(value)};
    };
    if (six) {
        text += "\x86\xdd";
        text += std::string("\x60\0\0\0", 4) + word(length) + "\x06\x40";
        text += std::string(15, '\0') + "\x01" + std::string(15, '\0') + "\x02";
    } else {
        text += std::string("\x08\x00\x45\x00", 4) + word(20 + length) + std::string("\0\0\0\0\x40\x06\0\0", 8);
        text += std::string("\x0a\0\0\x01\x0a\0\0\x02", 8);
    }
    text += std::string("\x12\x34\x56\x78\0\0\0\1\0\0\0\2\x50\x10\x10\0\0\0\0\0", 20);
    return text + frame(size).substr(14);
}

}  // namespace unicore::test
