// SPDX-License-Identifier: BSD-3-Clause
/// Lines that tell what is wrong with clients.
#pragma once

#include <netinet/in.h>

namespace tls {

/// Somebody's address and port.
union Peer {
    sockaddr general;
    sockaddr_in four;
    sockaddr_in6 six;
};

/// Whose connection it is; nobody's, if that one has left already.
Peer peer_of(int descriptor) noexcept;

/// Says what a client does not get, and why: `status` is the library's, `alert` the number of the client's, if that is an alert.
/// Where lines come by the thousands only some are written, and how many others there were.
void report(const Peer& peer, const char* what, int status, unsigned char alert) noexcept;

}  // namespace tls
