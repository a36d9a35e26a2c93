// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>

namespace unicore::arch {

/// String instructions: the smallest, and on CPUs with ERMS or FSRM among the fastest.
/// The direction flag is clear by the ABI. [Intel optimisation manual, 3.7.6]
struct Bytes {
    static void copy_up(std::byte* to, const std::byte* from, std::size_t count) noexcept {
        asm volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(count) : : "memory");
    }
    static void copy_down(std::byte* to, const std::byte* from, std::size_t count) noexcept {
        to += count - 1;
        from += count - 1;
        asm volatile("std; rep movsb; cld" : "+D"(to), "+S"(from), "+c"(count) : : "memory");
    }
    /// Of words: an emulator does a step for each, and a CPU is as fast with words as with bytes.
    static void copy_bulk(std::byte* to, const std::byte* from, std::size_t count) noexcept {
        std::size_t words = count / 8;
        asm volatile("rep movsq" : "+D"(to), "+S"(from), "+c"(words) : : "memory");
        copy_up(to, from, count % 8);
    }
    static void fill(std::byte* to, unsigned char value, std::size_t count) noexcept {
        asm volatile("rep stosb" : "+D"(to), "+c"(count) : "a"(value) : "memory");
    }
};

}  // namespace unicore::arch
