// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/result.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace unicore::net {

/// An address of Ethernet, as it is on the wire. [IEEE 802.3, 3.2.3]
struct MacAddress {
    std::array<std::uint8_t, 6> bytes{};

    /// Whether it is that of many: multicast, or broadcast.
    constexpr bool group() const noexcept { return (bytes[0] & 1) != 0; }
    /// Whether a station can have it.
    constexpr bool station() const noexcept { return !group() && *this != MacAddress{}; }
    friend constexpr bool operator==(const MacAddress&, const MacAddress&) = default;
};

inline constexpr MacAddress broadcast{{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}};

/// Six bytes in hexadecimal, two digits each, with colons between. Errors: invalid_argument when it is none, or not a
/// station's.
Result<MacAddress> parse_address(std::string_view text) noexcept;

/// Bytes in front of a frame's payload: two addresses and a type. [IEEE 802.3, 3.1.1]
inline constexpr std::size_t ethernet_header_size = 14;

/// The most bytes of a frame: an IP packet of the largest size behind a header of Ethernet with a tag.
/// [RFC 791, 3.1; IEEE 802.1Q, 9.6]
inline constexpr std::size_t longest_frame = 65'535 + ethernet_header_size + 4;

}  // namespace unicore::net
