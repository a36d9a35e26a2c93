// SPDX-License-Identifier: BSD-3-Clause
// Groups (multicast) over lwIP's IGMP and MLD. [RFC 2236, RFC 2710]
#include "groups.hpp"

#include "conversions.hpp"
#include "failures.hpp"
#include "stack.hpp"

#include <unicore/memory/slab.hpp>
#include <unicore/netstack/udp.hpp>

#include <lwip/igmp.h>
#include <lwip/mld6.h>

#include <utility>

namespace unicore::netstack {
namespace lwip {
namespace {

[[clang::no_destroy]] constinit memory::slab::Cache<Membership> memberships(1);

bool is_group(const Address& address) noexcept {
    return address.family == Address::Family::v4 ? (address.bytes[0] & 0xf0) == 0xe0 : address.bytes[0] == 0xff;
}

err_t enter(struct netif& netif, const Address& group) noexcept {
    if (group.family == Address::Family::v4) {
        const ip4_addr_t address = to_ip4(group);
        return igmp_joingroup_netif(&netif, &address);
    }
#if LWIP_IPV6
    const ip6_addr_t address = to_ip6(group);
    return mld6_joingroup_netif(&netif, &address);
#else
    return ERR_VAL;
#endif
}

/// Where the one for this group is, or where the list ends.
void** find(void*& first, const Address& group, const struct netif* netif) noexcept {
    void** place = &first;
    for (; *place != nullptr; place = reinterpret_cast<void**>(&membership_of(*place)->next))
        if (membership_of(*place)->group == group && membership_of(*place)->netif == netif) break;
    return place;
}

}  // namespace

void end(Membership* membership) noexcept {
    if (membership->group.family == Address::Family::v4) {
        const ip4_addr_t address = to_ip4(membership->group);
        igmp_leavegroup_netif(membership->netif, &address);
    } else {
#if LWIP_IPV6
        const ip6_addr_t address = to_ip6(membership->group);
        mld6_leavegroup_netif(membership->netif, &address);
#endif
    }
    memberships.destroy(membership);
}

}  // namespace lwip

namespace udp {

Outcome<void> Port::join(const Address& group, const net::Device* device) noexcept {
    if (!lwip::is_group(group)) return std::unexpected(Failure::invalid);
    struct netif* const netif = lwip::netif_for(device);
    if (netif == nullptr) return std::unexpected(Failure::unreachable);
    if (*lwip::find(groups_, group, netif) != nullptr) return std::unexpected(Failure::address_in_use);
    const auto made = lwip::memberships.create(group, netif, lwip::membership_of(groups_));
    if (!made) return std::unexpected(Failure::no_memory);
    if (const err_t error = lwip::enter(*netif, group); error != ERR_OK) {
        lwip::memberships.destroy(*made);
        return lwip::outcome_of(error);
    }
    groups_ = *made;
    return {};
}

Outcome<void> Port::leave(const Address& group, const net::Device* device) noexcept {
    void** const place = lwip::find(groups_, group, lwip::netif_for(device));
    if (*place == nullptr) return std::unexpected(Failure::invalid);
    lwip::Membership* const left = lwip::membership_of(*place);
    *place = left->next;
    lwip::end(left);
    return {};
}

}  // namespace udp
}  // namespace unicore::netstack
