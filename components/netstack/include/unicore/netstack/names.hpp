// SPDX-License-Identifier: BSD-3-Clause
/// Names of hosts, by DNS. [RFC 1034, 1035, 3596]
#pragma once

#include <unicore/base/result.hpp>
#include <unicore/netstack/address.hpp>
#include <unicore/time/clock.hpp>

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace unicore::netstack {

/// Fills the front of `into` with the addresses of a host, of one version or of both, the one to be tried first in front;
/// returns how many there are, which may be more. An address as text is that address, and "localhost" this image; neither is
/// asked for. Names below "local" the local network is asked for, in images with netstack.mdns. Else it waits for what servers
/// say: they are known when there is an address (wait_for_address).
/// Context: thread. Errors: invalid_argument for what can be no name; not_found when servers know no such address;
/// timed_out when `deadline` passes, or no server answers in time; unsupported when there is no server to be asked;
/// out_of_memory; stopped.
Result<std::size_t> resolve(std::string_view name, std::optional<Address::Family> family, std::span<Address> into,
                            time::Instant deadline = time::never) noexcept;

/// What `resolve` asks first for a name below "local", without a dot at its end. `order`: the versions that are wanted. Nothing,
/// unless the image has netstack.mdns. The rest is as above. [RFC 6762, 3]
std::optional<Result<std::size_t>> resolve_locally(std::string_view name, std::span<const Address::Family> order,
                                                   std::span<Address> into, time::Instant deadline) noexcept;

}  // namespace unicore::netstack
