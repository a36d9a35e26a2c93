// SPDX-License-Identifier: BSD-3-Clause
/// Where TCP and UDP are in a frame: Xen's flags only say that there is a checksum, and the ends look for it.
#pragma once

#include <unicore/base/result.hpp>
#include <unicore/net/packet.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace unicore::net::xen {

struct Headers {
    bool tcp;  ///< else UDP
    bool six;  ///< over IPv6, else over IPv4
    std::uint16_t network;    ///< where IP's header begins, in bytes from the frame's start
    std::uint16_t transport;  ///< where TCP's or UDP's does
    std::uint16_t payload;    ///< and what is behind that

    std::uint16_t checksum_offset() const noexcept { return tcp ? 16 : 6; }  // [RFC 9293, 3.1; RFC 768]
};

enum class Tags : std::uint8_t { none, one };

/// Looks at the first bytes of a frame, in which the headers are whole. `tags`: how many of IEEE 802.1Q may be there.
/// Errors: unsupported when it is neither TCP nor UDP, a fragment, or cut off.
Result<Headers> find_headers(std::span<const std::byte> frame, Tags tags) noexcept;

/// Puts into the frame's checksum what a device needs that completes it: the sum of the pseudo header, for all of the
/// frame's `size` bytes. The headers were found in it.
void begin_checksum(std::span<std::byte> frame, const Headers& headers, std::size_t size) noexcept;

}  // namespace unicore::net::xen
