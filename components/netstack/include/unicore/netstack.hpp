// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/result.hpp>
#include <unicore/netstack/address.hpp>
#include <unicore/time/clock.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace unicore::net {
class Device;
}

/// The Internet protocols, over all network devices that the image has. Each has the addresses that settings give it, or
/// asks for them: DHCP (version 4), and what routers announce (version 6).
namespace unicore::netstack {

/// An address that an interface has.
struct InterfaceAddress {
    const net::Device* device;
    Prefix prefix;
    bool valid;  ///< it can be used: nobody else has it
};

/// Fills the front of `into` with the addresses that interfaces have now; returns how many there are, which may be more.
/// Context: thread.
std::size_t addresses(std::span<InterfaceAddress> into) noexcept;

/// Waits until an interface has an address that others can be reached from: a valid one that is not link-local.
/// Context: thread. Errors: timed_out; stopped; not_found when there is no interface.
Result<void> wait_for_address(time::Instant deadline = time::never) noexcept;

}  // namespace unicore::netstack
