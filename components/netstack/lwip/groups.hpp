// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/netstack/address.hpp>

#include <lwip/netif.h>

namespace unicore::netstack::lwip {

/// That a port takes part in a group. lwIP counts how many there are of each.
struct Membership {
    Address group;
    struct netif* netif;
    Membership* next;
};

inline Membership* membership_of(void* groups) noexcept { return static_cast<Membership*>(groups); }

/// Leaves, and ends it. Context: thread, with the lock.
void end(Membership* membership) noexcept;

}  // namespace unicore::netstack::lwip
