// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/net/device.hpp>
#include <unicore/net/packet.hpp>

#include <cstddef>
#include <span>

namespace unicore::net {

/// Makes one packet of those in `burst` that follow one another in a TCP connection, if the device makes segments of it
/// again (Properties): they leave as they would have left. Packets stay in their order; returns how many there are now,
/// at the front. Nothing is copied; of a packet that takes others in, the headers are changed. Only packets with a partial
/// checksum are, which is nobody else's matter until then. Context: thread.
std::size_t merge_segments(std::span<Packet> burst, const Properties& properties) noexcept;

}  // namespace unicore::net
