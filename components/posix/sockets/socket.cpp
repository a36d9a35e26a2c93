// SPDX-License-Identifier: BSD-3-Clause
#include "socket.hpp"

#include <algorithm>
#include <cstring>

#include <netinet/in.h>
#include <poll.h>

namespace unicore::posix::sockets {

int error_of(netstack::Failure failure) noexcept {
    using enum netstack::Failure;
    switch (failure) {
    case no_memory: return ENOBUFS;
    case address_in_use: return EADDRINUSE;
    case unreachable: return ENETUNREACH;
    case refused: return ECONNREFUSED;
    case reset: return ECONNRESET;
    case timed_out: return ETIMEDOUT;
    case invalid: break;
    }
    return EINVAL;
}

Outcome<Endpoint> endpoint_of(const sockaddr* address, socklen_t size, Address::Family family) noexcept {
    if (address == nullptr || size < sizeof(sa_family_t)) return std::unexpected(EINVAL);
    Endpoint endpoint{{family, {}}, 0};
    if (family == Address::Family::v4) {
        sockaddr_in in;
        if (address->sa_family != AF_INET) return std::unexpected(EAFNOSUPPORT);
        if (size < sizeof in) return std::unexpected(EINVAL);
        std::memcpy(&in, address, sizeof in);
        std::memcpy(endpoint.address.bytes.data(), &in.sin_addr, sizeof in.sin_addr);
        endpoint.port = ntohs(in.sin_port);
    } else {
        sockaddr_in6 in;
        if (address->sa_family != AF_INET6) return std::unexpected(EAFNOSUPPORT);
        if (size < sizeof in) return std::unexpected(EINVAL);
        std::memcpy(&in, address, sizeof in);
        std::memcpy(endpoint.address.bytes.data(), &in.sin6_addr, sizeof in.sin6_addr);
        endpoint.port = ntohs(in.sin6_port);
    }
    return endpoint;
}

void tell(const Endpoint& endpoint, sockaddr* address, socklen_t* size) noexcept {
    if (address == nullptr || size == nullptr) return;
    const auto put = [&](const auto& in) {
        std::memcpy(address, &in, std::min<std::size_t>(*size, sizeof in));
        *size = sizeof in;
    };
    if (endpoint.address.family == Address::Family::v4) {
        sockaddr_in in{};
        in.sin_family = AF_INET;
        in.sin_port = htons(endpoint.port);
        std::memcpy(&in.sin_addr, endpoint.address.bytes.data(), sizeof in.sin_addr);
        put(in);
    } else {
        sockaddr_in6 in{};
        in.sin6_family = AF_INET6;
        in.sin6_port = htons(endpoint.port);
        std::memcpy(&in.sin6_addr, endpoint.address.bytes.data(), sizeof in.sin6_addr);
        put(in);
    }
}

time::Duration Socket::patience(short event) noexcept {
    return event == POLLIN ? settings.receive_patience : settings.send_patience;
}

void Socket::describe(struct stat& out) noexcept {
    out.st_mode = S_IFSOCK | S_IRUSR | S_IWUSR;
    out.st_nlink = 1;
}

}  // namespace unicore::posix::sockets
