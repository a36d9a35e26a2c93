// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/result.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace unicore::netstack {

/// An address of the Internet Protocol, of either version.
struct Address {
    enum class Family : std::uint8_t { v4, v6 };

    Family family = Family::v4;
    std::array<std::uint8_t, 16> bytes{};  ///< as on the wire; of version 4 the first four

    static constexpr Address v4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d) noexcept {
        return {Family::v4, {a, b, c, d}};
    }
    constexpr std::size_t size() const noexcept { return family == Family::v4 ? 4 : 16; }
    /// Whether it is that of nobody: 0.0.0.0 or ::.
    constexpr bool unspecified() const noexcept { return *this == Address{family, {}}; }

    friend constexpr bool operator==(const Address&, const Address&) = default;
};

/// The address that `text` is, all of it: dotted decimal, or IPv6's own forms. No zone is taken.
/// Context: any. Errors: invalid_argument. [RFC 4291, 2.2; RFC 6943, 3.1.1 for what is strict]
Result<Address> parse_address(std::string_view text) noexcept;

/// A network's address and the length of its prefix, as 10.0.2.15/24. Without a length it is that of a host, 32 or 128.
struct Prefix {
    Address address;
    std::uint8_t length;
};
/// Errors: invalid_argument, for a length that the version has not as well.
Result<Prefix> parse_prefix(std::string_view text) noexcept;

/// The most characters that an address takes.
inline constexpr std::size_t address_text_size = 39;

/// Writes an address as people read it, in IPv6's shortest form; returns what was written. Context: any. [RFC 5952, 4]
std::string_view format_address(const Address& address, std::span<char, address_text_size> into) noexcept;

}  // namespace unicore::netstack
