// SPDX-License-Identifier: BSD-3-Clause
// [POSIX.1-2017, inet_addr, inet_ntop; inet(3)]
#include <unicore/netstack/address.hpp>

#include <array>
#include <cstring>

#include <arpa/inet.h>
#include <errno.h>

using namespace unicore::netstack;

extern "C" {

extern const in6_addr in6addr_any = IN6ADDR_ANY_INIT;
extern const in6_addr in6addr_loopback = IN6ADDR_LOOPBACK_INIT;

/// Returns 1, or 0 for what is no address. Errors: EAFNOSUPPORT.
int inet_pton(int family, const char* text, void* address) {
    if (family != AF_INET && family != AF_INET6) {
        errno = EAFNOSUPPORT;
        return -1;
    }
    const auto parsed = parse_address(text);
    if (!parsed || (parsed->family == Address::Family::v4) != (family == AF_INET)) return 0;
    std::memcpy(address, parsed->bytes.data(), parsed->size());
    return 1;
}

/// Errors: EAFNOSUPPORT; ENOSPC.
const char* inet_ntop(int family, const void* address, char* text, socklen_t size) {
    if (family != AF_INET && family != AF_INET6) {
        errno = EAFNOSUPPORT;
        return nullptr;
    }
    Address wanted{family == AF_INET ? Address::Family::v4 : Address::Family::v6, {}};
    std::memcpy(wanted.bytes.data(), address, wanted.size());
    std::array<char, address_text_size> buffer;
    const std::string_view written = format_address(wanted, buffer);
    if (written.size() >= size) {
        errno = ENOSPC;
        return nullptr;
    }
    std::memcpy(text, written.data(), written.size());
    text[written.size()] = '\0';
    return text;
}

/// Dotted decimal alone, of four numbers.
int inet_aton(const char* text, in_addr* address) { return inet_pton(AF_INET, text, address) == 1; }

in_addr_t inet_addr(const char* text) {
    in_addr address;
    return inet_aton(text, &address) != 0 ? address.s_addr : INADDR_NONE;
}

char* inet_ntoa(in_addr address) {
    static char text[INET_ADDRSTRLEN];
    inet_ntop(AF_INET, &address, text, sizeof text);
    return text;
}

}  // extern "C"
