// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/result.hpp>
#include <unicore/net/packet.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>

namespace unicore::net::virtio {

/// What stands in front of a packet at a virtio network device, and at a TAP interface with IFF_VNET_HDR: what is left
/// to do about checksums and segments. Little-endian. A `num_buffers` may follow, which is the transport's matter.
/// [virtio 1.2, 5.1.6: struct virtio_net_hdr]
struct Header {
    std::uint8_t flags;
    std::uint8_t gso_type;
    std::uint16_t hdr_len;
    std::uint16_t gso_size;
    std::uint16_t csum_start;
    std::uint16_t csum_offset;

    // VIRTIO_NET_HDR_F_…, in flags
    static constexpr std::uint8_t needs_csum = 1, data_valid = 2;
    // VIRTIO_NET_HDR_GSO_…, in gso_type
    static constexpr std::uint8_t none = 0, tcpv4 = 1, tcpv6 = 4;

    friend bool operator==(const Header&, const Header&) = default;
};
static_assert(sizeof(Header) == 10 && std::endian::native == std::endian::little);

/// The header for a packet to send. Context: any that owns the packet.
/// Errors: invalid_argument when what its Offload says cannot be: headers that are not there whole, segments without a
/// partial checksum of TCP.
Result<Header> header_for(const Packet& packet) noexcept;

/// What a device says of a frame of `size` bytes that it received. The places are inside of the frame, and the headers
/// that the device speaks of are there; what they say is not looked at. Context: any.
/// Errors: device_error when it says what cannot be, or what nobody has asked for.
Result<Offload> offload_of(const Header& header, std::size_t size) noexcept;

}  // namespace unicore::net::virtio
