// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/net/packet.hpp>

#include <cstddef>
#include <span>

namespace unicore::netstack::lwip {

/// Leaves the checksum of a TCP segment to the device: puts the sum of the pseudo header where it goes, and says so in
/// `offload`. `headers` is the frame from its start, with all headers that there are; other frames are left alone.
/// [RFC 9293, 3.1; RFC 8200, 8.1]
void leave_checksum(std::span<std::byte> headers, net::Offload& offload) noexcept;

}  // namespace unicore::netstack::lwip
