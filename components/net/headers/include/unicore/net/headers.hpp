// SPDX-License-Identifier: BSD-3-Clause
/// Where TCP and UDP are in a frame: for devices that are told less than a packet's Offload says, or look for themselves.
#pragma once

#include <unicore/base/result.hpp>
#include <unicore/net/packet.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace unicore::net {

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
/// frame's `size` bytes; or for headers->transport, where the device adds each segment's length. The headers were found
/// in it.
void begin_checksum(std::span<std::byte> frame, const Headers& headers, std::size_t size) noexcept;

/// A partial checksum, completed: the sum over a packet's bytes from `start` on, as it is stored. There is a packet.
/// [RFC 1071; RFC 768: none is 0 on the wire]
std::uint16_t checksum_from(const Packet& packet, std::size_t start) noexcept;

}  // namespace unicore::net
