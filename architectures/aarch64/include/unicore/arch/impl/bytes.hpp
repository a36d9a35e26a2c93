// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/arch/word_bytes.hpp>

#include <cstdint>

namespace unicore::arch {

struct Bytes : WordBytes {
    /// Words of normal memory may lie anywhere. [Arm ARM, B2.5.2]
    static void copy_bulk(std::byte* to, const std::byte* from, std::size_t count) noexcept {
        using Word [[gnu::may_alias, gnu::aligned(1)]] = std::uint64_t;
        constexpr std::size_t many = 4;
        for (; count >= many * sizeof(Word); count -= many * sizeof(Word), to += many * sizeof(Word), from += many * sizeof(Word)) {
            Word words[many];
#pragma clang loop unroll(full)
            for (std::size_t i = 0; i != many; ++i) words[i] = reinterpret_cast<const Word*>(from)[i];
#pragma clang loop unroll(full)
            for (std::size_t i = 0; i != many; ++i) reinterpret_cast<Word*>(to)[i] = words[i];
            asm("" : "+r"(to));  // or the compiler makes a call of memcpy of it
        }
        copy_up(to, from, count);
    }
};

}  // namespace unicore::arch
