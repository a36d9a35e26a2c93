// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

namespace unicore::arch {

/// ByteMover in portable C++: a word at a time where both addresses allow it, bytes else.
struct WordBytes {
    static void copy_up(std::byte* to, const std::byte* from, std::size_t count) noexcept {
        if (aligned(to, from)) {
            for (; count >= sizeof(Word); count -= sizeof(Word), to += sizeof(Word), from += sizeof(Word))
                *reinterpret_cast<Word*>(to) = *reinterpret_cast<const Word*>(from);
        }
        for (; count != 0; --count) {
            *to++ = *from++;
            keep(to);
        }
    }
    static void copy_down(std::byte* to, const std::byte* from, std::size_t count) noexcept {
        to += count;
        from += count;
        if (aligned(to, from)) {
            for (; count >= sizeof(Word); count -= sizeof(Word)) {
                to -= sizeof(Word);
                from -= sizeof(Word);
                *reinterpret_cast<Word*>(to) = *reinterpret_cast<const Word*>(from);
            }
        }
        for (; count != 0; --count) {
            *--to = *--from;
            keep(to);
        }
    }
    static void copy_bulk(std::byte* to, const std::byte* from, std::size_t count) noexcept {
        static_assert(std::endian::native == std::endian::little);
        constexpr std::size_t word = sizeof(Word);
        if (count < 4 * word) return copy_up(to, from, count);
        // Up to where a word of the destination begins, and so far that the word of the source before that is ours, too.
        const std::size_t head = 2 * word - reinterpret_cast<std::uintptr_t>(to) % word;
        for (std::size_t left = head; left != 0; --left) {
            *to++ = *from++;
            keep(to);
        }
        count -= head;
        const std::size_t apart = reinterpret_cast<std::uintptr_t>(from) % word;
        if (apart == 0) {
            constexpr std::size_t many = 4;
            for (; count >= many * word; count -= many * word, to += many * word, from += many * word) {
#pragma clang loop unroll(full)
                for (std::size_t i = 0; i != many; ++i) reinterpret_cast<Word*>(to)[i] = reinterpret_cast<const Word*>(from)[i];
                keep(to);
            }
        } else {
            // Each word is of two of the source's, none of which has a byte behind the end.
            const auto* source = reinterpret_cast<const Word*>(from - apart);
            Word low = *source++;
            for (; count >= 2 * word; count -= word, to += word, from += word) {
                const Word high = *source++;
                *reinterpret_cast<Word*>(to) = low >> 8 * apart | high << 8 * (word - apart);
                low = high;
            }
        }
        copy_up(to, from, count);
    }
    static void fill(std::byte* to, unsigned char value, std::size_t count) noexcept {
        const Word word = ~std::uintptr_t{0} / 0xff * value;
        if (aligned(to, to)) {
            // Pages are filled often.
            constexpr std::size_t many = 8;
            for (; count >= many * sizeof(Word); count -= many * sizeof(Word)) {
#pragma clang loop unroll(full)
                for (std::size_t i = 0; i != many; ++i) reinterpret_cast<Word*>(to)[i] = word;
                to += many * sizeof(Word);
            }
            for (; count >= sizeof(Word); count -= sizeof(Word), to += sizeof(Word)) *reinterpret_cast<Word*>(to) = word;
        }
        for (; count != 0; --count) {
            *to++ = std::byte{value};
            keep(to);
        }
    }

private:
    using Word [[gnu::may_alias]] = std::uintptr_t;

    static bool aligned(const void* a, const void* b) noexcept {
        return (reinterpret_cast<std::uintptr_t>(a) | reinterpret_cast<std::uintptr_t>(b)) % sizeof(Word) == 0;
    }
    /// Without it compilers recognise the loop, and replace it by a call of the very function that it is in.
    static void keep(std::byte*& pointer) noexcept { asm("" : "+r"(pointer)); }
};

}  // namespace unicore::arch
