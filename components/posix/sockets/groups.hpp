// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "socket.hpp"

#include <unicore/netstack/udp.hpp>

namespace unicore::posix::sockets {

/// Options of groups. Context: thread, without the stack's lock. Errors: ENOPROTOOPT for others; EINVAL; ENODEV for a
/// device that there is not; EADDRINUSE for a group that it takes part in already; EADDRNOTAVAIL for one that it does not, or
/// an address that no device has; ENOBUFS.
Outcome<void> set_group_option(netstack::udp::Port& port, Address::Family family, int name, const Option& option) noexcept;
Outcome<int> group_option(netstack::udp::Port& port, Address::Family family, int name) noexcept;

}  // namespace unicore::posix::sockets
