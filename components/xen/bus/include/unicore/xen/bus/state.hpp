// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <string_view>

namespace unicore::xen::bus {

/// What one end of a device shows of itself to the other. [Xen, xen/include/public/io/xenbus.h]
enum class State : std::uint8_t {
    unknown,       ///< also: not there, not readable, or nothing that is a state
    initialising,  ///< there is a device
    init_wait,     ///< the back-end has said what it can
    initialised,   ///< the front-end has said where its rings are
    connected,     ///< in use
    closing,
    closed,
    reconfiguring,
    reconfigured,
};

/// The state that a node's value is: one digit up to 8, else unknown.
State parse_state(std::string_view value) noexcept;

/// Whether an end may go from one to the other: forwards while it connects, to closing and closed
/// from everywhere, and from closed to a new start.
bool may_follow(State from, State to) noexcept;

}  // namespace unicore::xen::bus
