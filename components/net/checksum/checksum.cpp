// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/net/checksum.hpp>

#include <bit>
#include <cstddef>

namespace unicore::net {
namespace {

using Word = unsigned long;  // what the CPU adds with its carry

/// Of memory anywhere. Components are compiled without what the compiler knows of memcpy, which would be called for each.
template <typename T>
T load(const std::byte* from) noexcept {
    struct [[gnu::packed, gnu::may_alias]] Anywhere {
        T value;
    };
    return reinterpret_cast<const Anywhere*>(from)->value;
}

}  // namespace

/// Words as long as the CPU's; sums of any size are the same but for a fold. [RFC 1071, 2 (C)]
std::uint16_t sum_of(std::span<const std::byte> bytes) noexcept {
    const std::byte* from = bytes.data();
    std::size_t size = bytes.size();
    Word sum = 0, carry = 0;
    // A carry comes in at the other end at once, and has none itself: what has just had one is no full word of ones.
    const auto add = [&](Word word) {
        sum = __builtin_addcl(sum, word, 0, &carry);
        sum += carry;
    };
    for (; size >= 4 * sizeof sum; from += 4 * sizeof sum, size -= 4 * sizeof sum) {  // by hand: release images unroll nothing
        sum = __builtin_addcl(sum, load<Word>(from), 0, &carry);
        sum = __builtin_addcl(sum, load<Word>(from + sizeof sum), carry, &carry);
        sum = __builtin_addcl(sum, load<Word>(from + 2 * sizeof sum), carry, &carry);
        sum = __builtin_addcl(sum, load<Word>(from + 3 * sizeof sum), carry, &carry);
        sum += carry;
    }
    for (; size >= sizeof sum; from += sizeof sum, size -= sizeof sum) add(load<Word>(from));
    if constexpr (sizeof sum > 4) {
        if ((size & 4) != 0) add(load<std::uint32_t>(from)), from += 4;
    }
    if ((size & 2) != 0) add(load<std::uint16_t>(from)), from += 2;
    if ((size & 1) != 0) {
        const auto last = std::to_integer<std::uint16_t>(*from);  // the first byte of a word
        add(std::endian::native == std::endian::little ? last : last << 8U);
    }
    return fold(sum);
}

void Checksum::add(std::span<const std::byte> bytes) noexcept {
    // Bytes at odd places count for the other half of their word: their own sum is swapped. [RFC 1071, 2 (A), (B)]
    const std::uint16_t piece = sum_of(bytes);
    sum_ += odd_ ? std::byteswap(piece) : piece;
    odd_ ^= bytes.size() % 2 != 0;
}

void Checksum::add_word(std::uint16_t word) noexcept {
    if constexpr (std::endian::native == std::endian::little) word = std::byteswap(word);
    sum_ += word;
}

std::uint16_t Checksum::sum() const noexcept { return fold(sum_); }

}  // namespace unicore::net
