// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/net/checksum.hpp>

#include <bit>
#include <cstring>

namespace unicore::net {
namespace {

template <typename T>
T load(const std::byte* from) noexcept {
    T value;
    std::memcpy(&value, from, sizeof value);
    return value;
}

/// Words of 32 bits into a sum of 64: it takes 16 GiB to overflow, and no carry has to be looked at.
std::uint64_t sum_of(const std::byte* from, std::size_t size) noexcept {
    std::uint64_t first = 0, second = 0;  // two, so that one addition need not wait for the other
    for (; size >= 32; from += 32, size -= 32) {
        first += load<std::uint32_t>(from);
        second += load<std::uint32_t>(from + 4);
        first += load<std::uint32_t>(from + 8);
        second += load<std::uint32_t>(from + 12);
        first += load<std::uint32_t>(from + 16);
        second += load<std::uint32_t>(from + 20);
        first += load<std::uint32_t>(from + 24);
        second += load<std::uint32_t>(from + 28);
    }
    for (; size >= 4; from += 4, size -= 4) first += load<std::uint32_t>(from);
    if (size != 0) {
        std::uint32_t rest = 0;
        std::memcpy(&rest, from, size);
        second += rest;
    }
    return first + second;
}

constexpr std::uint16_t fold(std::uint64_t sum) noexcept {
    while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
    return static_cast<std::uint16_t>(sum);
}

}  // namespace

void Checksum::add(std::span<const std::byte> bytes) noexcept {
    // Bytes at odd places count for the other half of their word: their own sum is swapped. [RFC 1071, 2 (A), (B)]
    const std::uint64_t piece = sum_of(bytes.data(), bytes.size());
    sum_ += odd_ ? std::byteswap(fold(piece)) : piece;
    odd_ ^= bytes.size() % 2 != 0;
}

void Checksum::add_word(std::uint16_t word) noexcept {
    if constexpr (std::endian::native == std::endian::little) word = std::byteswap(word);
    sum_ += word;
}

std::uint16_t Checksum::sum() const noexcept { return fold(sum_); }

}  // namespace unicore::net
