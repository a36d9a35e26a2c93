// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>

namespace unicore::arch {

/// Byte loops: what every compiler has.
struct Bytes {
    static void copy_up(std::byte* to, const std::byte* from, std::size_t count) noexcept {
        for (std::size_t i = 0; i < count; ++i) to[i] = from[i];
    }
    static void copy_down(std::byte* to, const std::byte* from, std::size_t count) noexcept {
        while (count-- != 0) to[count] = from[count];
    }
    static void fill(std::byte* to, unsigned char value, std::size_t count) noexcept {
        for (std::size_t i = 0; i < count; ++i) to[i] = std::byte{value};
    }
};

}  // namespace unicore::arch
