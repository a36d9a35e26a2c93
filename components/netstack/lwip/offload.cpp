// SPDX-License-Identifier: BSD-3-Clause
#include "offload.hpp"

#include <unicore/net/address.hpp>
#include <unicore/net/checksum.hpp>

#include <cstdint>
#include <cstring>

namespace unicore::netstack::lwip {
namespace {

constexpr unsigned tcp = 6;                  // protocol and next header
constexpr std::size_t checksum_offset = 16;  // in TCP's header, of 20 bytes at least
constexpr std::size_t tcp_header_size = 20;

unsigned byte(std::span<const std::byte> bytes, std::size_t at) noexcept { return std::to_integer<unsigned>(bytes[at]); }
unsigned word(std::span<const std::byte> bytes, std::size_t at) noexcept {
    return byte(bytes, at) << 8 | byte(bytes, at + 1);
}

/// TCP begins at `start`, and is `size` bytes; `addresses` are those of the pseudo header.
void leave(std::span<std::byte> headers, std::size_t start, std::size_t size, std::span<const std::byte> addresses,
           net::Offload& offload) noexcept {
    net::Checksum pseudo;
    pseudo.add(addresses);
    pseudo.add_word(tcp);
    pseudo.add_word(static_cast<std::uint16_t>(size));
    const std::uint16_t sum = pseudo.sum();
    std::memcpy(headers.data() + start + checksum_offset, &sum, sizeof sum);
    offload.checksum = net::Offload::Checksum::partial;
    offload.checksum_start = static_cast<std::uint16_t>(start);
    offload.checksum_offset = checksum_offset;
}

}  // namespace

void leave_checksum(std::span<std::byte> headers, net::Offload& offload) noexcept {
    constexpr std::size_t ip = net::ethernet_header_size;
    if (headers.size() < ip + 20 + tcp_header_size) return;
    const unsigned type = word(headers, 12);
    if (type == 0x0800) {  // IPv4 [RFC 791, 3.1]; fragments of TCP there are none
        const std::size_t size = (byte(headers, ip) & 15) * 4;
        if (byte(headers, ip + 9) != tcp || headers.size() < ip + size + tcp_header_size) return;
        leave(headers, ip + size, word(headers, ip + 2) - size, headers.subspan(ip + 12, 8), offload);
    } else if (type == 0x86dd) {  // IPv6 [RFC 8200, 3]; lwIP puts no other header before TCP's
        constexpr std::size_t size = 40;
        if (headers.size() < ip + size + tcp_header_size || byte(headers, ip + 6) != tcp) return;
        leave(headers, ip + size, word(headers, ip + 4), headers.subspan(ip + 8, 32), offload);
    }
}

}  // namespace unicore::netstack::lwip
