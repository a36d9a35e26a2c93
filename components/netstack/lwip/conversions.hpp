// SPDX-License-Identifier: BSD-3-Clause
/// Addresses as lwIP has them.
#pragma once

#include <unicore/netstack/address.hpp>

#include <lwip/ip_addr.h>

#include <bit>
#include <cstring>

namespace unicore::netstack::lwip {

inline ip4_addr_t to_ip4(const Address& address) noexcept {
    ip4_addr_t result;
    std::memcpy(&result.addr, address.bytes.data(), 4);
    return result;
}

inline Address of(const ip4_addr_t& address) noexcept {
    Address result;
    std::memcpy(result.bytes.data(), &address.addr, 4);
    return result;
}

#if LWIP_IPV6
inline ip6_addr_t to_ip6(const Address& address) noexcept {
    ip6_addr_t result{};
    std::memcpy(result.addr, address.bytes.data(), 16);
    return result;
}

inline Address of(const ip6_addr_t& address) noexcept {
    Address result{Address::Family::v6, {}};
    std::memcpy(result.bytes.data(), address.addr, 16);
    return result;
}
#endif

/// The mask of a prefix of so many bits.
inline ip4_addr_t mask_of(unsigned length) noexcept {
    return {lwip_htonl(length == 0 ? 0 : ~u32_t{0} << (32 - length))};
}
inline std::uint8_t length_of(const ip4_addr_t& mask) noexcept {
    return static_cast<std::uint8_t>(std::popcount(mask.addr));
}

}  // namespace unicore::netstack::lwip
