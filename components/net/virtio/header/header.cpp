// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/net/virtio/header.hpp>

#include <span>

namespace unicore::net::virtio {
namespace {

constexpr std::size_t ethernet_header_size = 14;  // [IEEE 802.3, 3.1.1]
constexpr std::size_t tcp_header_size = 20;       // without options [RFC 9293, 3.1]
constexpr std::uint16_t tcp_checksum = 16;        // where that is in it
constexpr std::size_t tcp_data_offset = 12;       // in the upper four bits, in words of 32

/// Whether a checksum is in a frame of `size` bytes, in front of its end and behind the header of Ethernet.
constexpr bool fits(std::size_t start, std::size_t offset, std::size_t size) noexcept {
    return start >= ethernet_header_size && start + offset + 2 <= size;
}

/// Whether the header of TCP without options, and something behind it, can be there.
constexpr bool fits_tcp(std::size_t start, std::size_t offset, std::size_t size) noexcept {
    return offset == tcp_checksum && start + tcp_header_size < size;
}

constexpr std::uint8_t type_of(Offload::Segments segments) noexcept {
    return segments == Offload::Segments::tcp4 ? Header::tcpv4 : Header::tcpv6;
}

}  // namespace

Result<Header> header_for(const Packet& packet) noexcept {
    const Offload& offload = packet.offload();
    if (offload.checksum != Offload::Checksum::partial) {
        if (offload.segments != Offload::Segments::none) return unexpected(Error::invalid_argument);
        return Header{};
    }
    const std::size_t size = packet.size(), start = offload.checksum_start;
    if (!fits(start, offload.checksum_offset, size)) return unexpected(Error::invalid_argument);
    Header header{.flags = Header::needs_csum,
                  .gso_type = Header::none,
                  .hdr_len = 0,
                  .gso_size = 0,
                  .csum_start = offload.checksum_start,
                  .csum_offset = offload.checksum_offset};
    if (offload.segments == Offload::Segments::none) return header;

    std::byte data_offset{};
    if (offload.segment_size == 0 || !fits_tcp(start, offload.checksum_offset, size) ||
        packet.copy_to({&data_offset, 1}, start + tcp_data_offset) != 1)
        return unexpected(Error::invalid_argument);
    const std::size_t tcp_size = std::to_integer<std::size_t>(data_offset >> 4) * 4;
    if (tcp_size < tcp_header_size || start + tcp_size >= size || start + tcp_size > UINT16_MAX)
        return unexpected(Error::invalid_argument);
    header.gso_type = type_of(offload.segments);
    header.hdr_len = static_cast<std::uint16_t>(start + tcp_size);
    header.gso_size = offload.segment_size;
    return header;
}

Result<Offload> offload_of(const Header& header, std::size_t size) noexcept {
    // Flags that nobody has asked for are to be ignored, and so is hdr_len. [virtio 1.2, 5.1.6.4.2]
    Offload offload;
    if ((header.flags & Header::needs_csum) != 0) {
        if (!fits(header.csum_start, header.csum_offset, size)) return unexpected(Error::device_error);
        offload.checksum = Offload::Checksum::partial;
        offload.checksum_start = header.csum_start;
        offload.checksum_offset = header.csum_offset;
    } else if ((header.flags & Header::data_valid) != 0) {
        offload.checksum = Offload::Checksum::verified;
    }
    if (header.gso_type == Header::none) return offload;

    if ((header.gso_type != Header::tcpv4 && header.gso_type != Header::tcpv6) ||
        (header.flags & Header::needs_csum) == 0 || header.gso_size == 0 ||
        !fits_tcp(header.csum_start, header.csum_offset, size))
        return unexpected(Error::device_error);
    offload.segments = header.gso_type == Header::tcpv4 ? Offload::Segments::tcp4 : Offload::Segments::tcp6;
    offload.segment_size = header.gso_size;
    return offload;
}

}  // namespace unicore::net::virtio
