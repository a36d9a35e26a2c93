// SPDX-License-Identifier: BSD-3-Clause
/// Suites of sockets, over the image's own addresses.
#pragma once

#include <unicore/debug/check.hpp>

#include <cerrno>
#include <cstdint>
#include <cstring>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

namespace unicore::posix::sockets {

void addresses(debug::Check& check) noexcept;
void streams(debug::Check& check) noexcept;
void datagrams(debug::Check& check) noexcept;
void groups(debug::Check& check) noexcept;
void errors(debug::Check& check) noexcept;
void names(debug::Check& check) noexcept;
void options(debug::Check& check) noexcept;

/// 127.0.0.1 at a port.
inline sockaddr_in here(unsigned port) noexcept {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

inline int bind_to(int descriptor, const sockaddr_in& address) noexcept {
    return bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address);
}
inline int connect_to(int descriptor, const sockaddr_in& address) noexcept {
    return connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address);
}

/// One that listens, or -1.
inline int listening(unsigned port, int flags = 0) noexcept {
    const int descriptor = socket(AF_INET, SOCK_STREAM | flags, 0);
    return descriptor >= 0 && bind_to(descriptor, here(port)) == 0 && listen(descriptor, 8) == 0 ? descriptor : -1;
}

/// Both ends of a connection.
struct Pair {
    int client = -1, server = -1;
};
Pair connected_to(int listener, unsigned port) noexcept;

/// What poll says of one, after so many milliseconds at most.
inline int polled(int descriptor, short events, int milliseconds = 0) noexcept {
    pollfd entry{descriptor, events, 0};
    return poll(&entry, 1, milliseconds) < 0 ? -1 : entry.revents;
}

/// Whether a call failed with this errno.
template <typename Call>
bool fails(int error, Call call) noexcept {
    errno = 0;
    return call() == -1 && errno == error;
}

}  // namespace unicore::posix::sockets
