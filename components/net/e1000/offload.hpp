// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/result.hpp>
#include <unicore/net/device.hpp>
#include <unicore/net/packet.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace unicore::net::e1000 {

/// Bytes of the headers that the device repeats in front of each segment, at most: with all options of IPv4 and TCP.
inline constexpr std::size_t most_headers = 144;

/// The context that the device keeps for checksums and segments: a descriptor. [SDM, 3.3.6]
struct Context {
    std::uint32_t ip = 0;         ///< IPCSS, IPCSO, IPCSE
    std::uint32_t transport = 0;  ///< TUCSS, TUCSO, TUCSE
    std::uint32_t command = 0;    ///< PAYLEN, DTYP, TUCMD; 0: there is none
    std::uint32_t segments = 0;   ///< HDRLEN, MSS

    friend bool operator==(const Context&, const Context&) = default;
};

/// What the device is told of a packet.
struct Plan {
    Context context;
    std::uint32_t command = 0;  ///< of the data descriptors, beside what all have
    std::uint32_t options = 0;  ///< POPTS
    std::uint16_t headers = 0;  ///< so many bytes are replaced by those of write_headers; 0: none
};

/// Says what the device does about the checksum and segments of a packet of `size` bytes in all; completes a checksum
/// that it would not find. Errors: invalid_argument when the packet cannot be sent.
Result<Plan> plan_for(Packet& packet, std::size_t size, const Properties& properties) noexcept;

/// The headers of a packet that has some in its plan, as the device wants them for segments: without IP's length and
/// checksum, and TCP's with no length in its sum. [82574 datasheet, 7.3]
void write_headers(const Packet& packet, std::span<std::byte> into) noexcept;

}  // namespace unicore::net::e1000
