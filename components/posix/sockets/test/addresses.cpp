// SPDX-License-Identifier: BSD-3-Clause
#include "suites.hpp"

#include <algorithm>

namespace unicore::posix::sockets {

void addresses(debug::Check& check) noexcept {
    in_addr address{};
    in6_addr long_address{};
    char text[INET6_ADDRSTRLEN];
    check(inet_pton(AF_INET, "10.0.2.15", &address) == 1 && ntohl(address.s_addr) == 0x0a00020f, "inet_pton");
    check(inet_pton(AF_INET, "10.0.2", &address) == 0 && inet_pton(AF_INET, "::1", &address) == 0, "what is no address");
    check(inet_pton(AF_INET6, "2001:db8::17", &long_address) == 1 && long_address.s6_addr[15] == 0x17, "of version 6");
    check(inet_ntop(AF_INET6, &long_address, text, sizeof text) == text && std::strcmp(text, "2001:db8::17") == 0, "inet_ntop");
    check(inet_ntop(AF_INET, &address, text, 9) == nullptr && errno == ENOSPC, "into too little room");
    check(inet_ntop(AF_INET, &address, text, 10) == text && std::strcmp(text, "10.0.2.15") == 0, "into just enough");
    check(fails(EAFNOSUPPORT, [&] { return inet_pton(AF_UNSPEC, "1.2.3.4", &address); }), "of no family");
    check(inet_addr("1.2.3.4") == htonl(0x01020304) && inet_addr("x") == INADDR_NONE, "inet_addr");
    check(inet_aton("127.0.0.1", &address) == 1 && std::strcmp(inet_ntoa(address), "127.0.0.1") == 0, "inet_aton, inet_ntoa");
    check(IN6_IS_ADDR_LOOPBACK(&in6addr_loopback) && IN6_IS_ADDR_UNSPECIFIED(&in6addr_any), "addresses that have a name");
    check(htons(0x1234) == (std::uint16_t{0x12} | std::uint16_t{0x34} << 8) || htons(0x1234) == 0x1234, "htons");
}

}  // namespace unicore::posix::sockets
