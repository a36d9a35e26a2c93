// SPDX-License-Identifier: BSD-3-Clause
/// What iperf3's clients and servers say to each other over their control connection. [iperf 3.12: src/iperf_api.h]
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace iperf {

inline constexpr std::uint16_t port = 5201;

/// What each connection says first: to which test it belongs. Its last byte is a zero.
using Cookie = std::array<char, 37>;

/// Numbers on the wire: the byte that counts most comes first.
std::uint64_t read_number(std::span<const std::byte> bytes) noexcept;
void write_number(std::span<std::byte> into, std::uint64_t value) noexcept;

/// A byte that says what comes next.
enum class State : std::int8_t {
    test_start = 1,
    test_running = 2,
    test_end = 4,
    param_exchange = 9,
    create_streams = 10,
    client_terminate = 12,
    exchange_results = 13,
    display_results = 14,
    iperf_done = 16,
    access_denied = -1,
    server_error = -2,  ///< two words follow: iperf's number of an error, and the system's
};

/// Of iperf's errors: the other end said what cannot be understood.
inline constexpr std::uint32_t bad_parameters = 114;

inline constexpr unsigned most_streams = 32;

/// What the client asks for.
struct Parameters {
    bool udp = false;
    bool reverse = false;        ///< the server sends
    bool bidirectional = false;  ///< it does both
    unsigned parallel = 1;       ///< streams in each direction
    unsigned omit = 0;           ///< seconds at the beginning that do not count
    std::size_t length = 1460;       ///< bytes of a datagram
    std::uint64_t bandwidth = 0;     ///< bits in a second of a stream's datagrams; 0: as many as there can be
    bool wide_numbers = false;       ///< datagrams have numbers of 64 bits
};

/// Reads a JSON object of the client's; keys that are not known are passed over. Nothing, when it is none, or asks for
/// what cannot be.
std::optional<Parameters> parse_parameters(std::string_view text) noexcept;

/// What went through a stream, in the order in which they came.
struct Counted {
    std::uint64_t bytes = 0;
    std::uint64_t packets = 0;  ///< datagrams: those that came or were lost, or that were sent
    std::uint64_t lost = 0;     ///< of these
    std::uint64_t jitter = 0;   ///< microseconds
};

/// Writes the server's results as JSON. Empty when there is no room.
std::string_view write_results(std::span<char> into, std::span<const Counted> streams, std::uint64_t milliseconds) noexcept;

}  // namespace iperf
