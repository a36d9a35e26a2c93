// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/netstack/address.hpp>

#include <cstdint>
#include <expected>

namespace unicore::netstack {

/// An end of a connection, or of datagrams.
struct Endpoint {
    Address address;
    std::uint16_t port = 0;

    friend constexpr bool operator==(const Endpoint&, const Endpoint&) = default;
};

/// Why something on the network did not work.
enum class Failure : std::uint8_t {
    no_memory,       ///< for what it takes, or no more of what there can be
    invalid,         ///< a value, or a call at this time, that can never be right
    address_in_use,  ///< somebody has the address and port
    unreachable,     ///< no interface leads there
    refused,         ///< nobody listens there
    reset,           ///< the other end has ended the connection at once
    timed_out,       ///< the other end did not answer, or the stack needed the memory
};

/// A value, or why there is none.
template <typename T>
using Outcome = std::expected<T, Failure>;

}  // namespace unicore::netstack
