// SPDX-License-Identifier: BSD-3-Clause
/// The datagrams of a test over UDP. [iperf 3.12: src/iperf_udp.c]
#pragma once

#include "protocol.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace iperf {

/// A client's first datagram, by which the server learns where a stream comes from, has this many bytes, and what they
/// are has changed over the years.
inline constexpr std::size_t hello_size = 4;
/// What it is answered with; clients on little-endian machines look for these bytes.
inline constexpr std::array<std::byte, 4> hello_answer{std::byte{'6'}, std::byte{'7'}, std::byte{'8'}, std::byte{'9'}};

/// In front of each datagram.
struct DatagramHeader {
    std::uint64_t sent;    ///< microseconds, by the sender's clock
    std::uint64_t number;  ///< from 1 on, of its stream
};

/// Bytes of it. `wide`: with numbers of 64 bits.
constexpr std::size_t datagram_header_size(bool wide) noexcept { return wide ? 16 : 12; }

/// Nothing, when there are too few bytes.
std::optional<DatagramHeader> read_datagram(std::span<const std::byte> bytes, bool wide) noexcept;
/// `into` has room for it.
void write_datagram(std::span<std::byte> into, const DatagramHeader& header, bool wide) noexcept;

/// What has become of a stream's datagrams.
class Arrivals {
public:
    /// One has come, of `size` bytes, at that time, in microseconds of this end's clock.
    void take(const DatagramHeader& header, std::size_t size, std::uint64_t now) noexcept;
    /// What came until now does not count.
    void forget() noexcept;

    Counted counted() const noexcept;

private:
    std::uint64_t bytes_ = 0;
    std::uint64_t highest_ = 0, lost_ = 0;                ///< number that came; how many did not
    std::uint64_t highest_before_ = 0, lost_before_ = 0;  ///< likewise, when it was told to forget
    std::uint64_t transit_ = 0;  ///< of the last: between two clocks that have nothing in common, so modulo 2^64
    std::uint64_t jitter_ = 0;   ///< sixteen times that [RFC 1889, A.8]
    bool any_ = false;
};

}  // namespace iperf
