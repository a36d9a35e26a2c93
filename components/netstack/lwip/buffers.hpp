// SPDX-License-Identifier: BSD-3-Clause
/// Packets as lwIP's buffers, and the other way round, without a copy.
#pragma once

#include <unicore/base/result.hpp>
#include <unicore/net/packet.hpp>

#include <lwip/pbuf.h>

#include <cstddef>

namespace unicore::netstack::lwip {

/// A pbuf chain over the packet's parts, which go back where they came from when lwIP frees it; null when there is no
/// memory, or more than a pbuf can tell of: then the packet has ended.
pbuf* received(net::Packet packet) noexcept;

/// A packet of the chain's memory, which it keeps from being freed as long as it is there. In more than `most_parts`, what
/// is in too many parts is copied. Errors: out_of_memory.
Result<net::Packet> lent(pbuf& chain, std::size_t most_parts) noexcept;

}  // namespace unicore::netstack::lwip
