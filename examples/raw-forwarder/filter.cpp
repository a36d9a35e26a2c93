// SPDX-License-Identifier: BSD-3-Clause
/// Here a middlebox begins: a firewall, a shaper, a counter of what it likes to know.
#include "filter.hpp"

bool pass(unicore::net::Packet& packet, const unicore::net::Device& from) noexcept {
    static_cast<void>(packet);  // its first part has the headers of Ethernet; a checksum may be partial (net.packet)
    static_cast<void>(from);
    return true;
}
