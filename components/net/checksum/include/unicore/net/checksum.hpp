// SPDX-License-Identifier: BSD-3-Clause
/// The Internet's checksum. [RFC 1071]
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

namespace unicore::net {

/// A sum of 16 bits, of one that is longer: what is carried out of it comes in at the other end. [RFC 1071, 1]
constexpr std::uint16_t fold(std::uint64_t sum) noexcept {
    // Halves that are added to each other in both orders at once: the lower sum's carry goes into the upper one.
    const auto half = static_cast<std::uint32_t>((sum + std::rotl(sum, 32)) >> 32);
    return static_cast<std::uint16_t>((half + std::rotl(half, 16)) >> 16);
}

/// The sum of all bytes, which begin at an even place, in 16 bits.
std::uint16_t sum_of(std::span<const std::byte> bytes) noexcept;

/// A sum of 16-bit words in ones' complement, of what comes in pieces. Words are taken as they lie in memory, so the
/// result is stored as it is, in either byte order. [RFC 1071, 2 (B)]
class Checksum {
public:
    constexpr Checksum() noexcept = default;

    /// What follows what was added before, of any size and anywhere.
    void add(std::span<const std::byte> bytes) noexcept;
    /// A word in the order of the CPU, at an even place: of a pseudo header.
    void add_word(std::uint16_t word) noexcept;

    /// The sum, in 16 bits.
    std::uint16_t sum() const noexcept;
    /// What is stored in a header whose own checksum is 0: the complement.
    std::uint16_t result() const noexcept { return static_cast<std::uint16_t>(~sum()); }

private:
    std::uint64_t sum_ = 0;  ///< not folded
    bool odd_ = false;       ///< the next byte is the second of its word
};

}  // namespace unicore::net
