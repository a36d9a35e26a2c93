// SPDX-License-Identifier: BSD-3-Clause
// lwIP's sums, in place of its own inet_chksum.c: of chains of any length, folded once. [lwip/inet_chksum.h]
#include <unicore/net/checksum.hpp>

#include <lwip/def.h>
#include <lwip/inet_chksum.h>
#include <lwip/ip_addr.h>
#include <lwip/pbuf.h>

#include <bit>
#include <cstddef>
#include <cstdint>

using namespace unicore;

namespace {

/// Of all parts, not folded. A part that begins at an odd place has its bytes in the other halves of words. [RFC 1071, 2 (A), (B)]
std::uint64_t sum_of(const pbuf* part) noexcept {
    std::uint64_t sum = 0;
    for (bool odd = false; part != nullptr; part = part->next) {
        const std::uint16_t piece = net::sum_of({static_cast<const std::byte*>(part->payload), part->len});
        sum += odd ? std::byteswap(piece) : piece;
        odd ^= part->len % 2 != 0;
    }
    return sum;
}

/// What is stored: the complement of the sum, with what both pseudo headers have beside addresses. [RFC 9293, 3.1; RFC 8200, 8.1]
u16_t with_pseudo_header(const pbuf* chain, u8_t protocol, u16_t length, std::uint64_t addresses) noexcept {
    return static_cast<u16_t>(~net::fold(addresses + sum_of(chain) + lwip_htons(protocol) + lwip_htons(length)));
}

#if LWIP_IPV6
std::uint64_t sum_of(const ip6_addr_t& address) noexcept {
    return std::uint64_t{address.addr[0]} + address.addr[1] + address.addr[2] + address.addr[3];
}
#endif

}  // namespace

extern "C" {

u16_t inet_chksum(const void* data, u16_t length) {
    return static_cast<u16_t>(~net::sum_of({static_cast<const std::byte*>(data), length}));
}

u16_t inet_chksum_pbuf(pbuf* chain) { return static_cast<u16_t>(~net::fold(sum_of(chain))); }

u16_t inet_chksum_pseudo(pbuf* chain, u8_t protocol, u16_t length, const ip4_addr_t* from, const ip4_addr_t* to) {
    return with_pseudo_header(chain, protocol, length, std::uint64_t{from->addr} + to->addr);
}

#if LWIP_IPV6
u16_t ip6_chksum_pseudo(pbuf* chain, u8_t protocol, u16_t length, const ip6_addr_t* from, const ip6_addr_t* to) {
    return with_pseudo_header(chain, protocol, length, sum_of(*from) + sum_of(*to));
}
#endif

u16_t ip_chksum_pseudo(pbuf* chain, u8_t protocol, u16_t length, const ip_addr_t* from, const ip_addr_t* to) {
#if LWIP_IPV6
    if (IP_IS_V6(to)) return ip6_chksum_pseudo(chain, protocol, length, ip_2_ip6(from), ip_2_ip6(to));
#endif
    return inet_chksum_pseudo(chain, protocol, length, ip_2_ip4(from), ip_2_ip4(to));
}

}
