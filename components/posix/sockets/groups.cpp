// SPDX-License-Identifier: BSD-3-Clause
// Groups (multicast), and the devices that they are on. [POSIX.1-2017, if_nametoindex; RFC 3493, 5.2; Linux, ip(7)]
#include "groups.hpp"

#include <unicore/net/device.hpp>
#include <unicore/netstack.hpp>
#include <unicore/netstack/lock.hpp>
#include <unicore/posix/fd/calls.hpp>

#include <algorithm>
#include <array>
#include <string_view>

#include <net/if.h>
#include <netinet/in.h>
#include <stdlib.h>

namespace unicore::posix::sockets {
namespace {

using net::Device;
using netstack::Failure;
using netstack::Lock;
using netstack::udp::Port;

/// A device's number: its place in the list, from 1 on.
Device* device_at(unsigned index) noexcept {
    Device* device = index == 0 ? nullptr : net::first_device();
    while (device != nullptr && --index != 0) device = device->next;
    return device;
}
unsigned index_of(const Device* device) noexcept {
    unsigned index = 0;
    for (const Device* each = net::first_device(); each != nullptr; each = each->next) {
        ++index;
        if (each == device) return index;
    }
    return 0;
}

/// Errors: ENODEV. Null for 0.
Outcome<const Device*> device_of(unsigned index) noexcept {
    const Device* const device = device_at(index);
    if (index != 0 && device == nullptr) return std::unexpected(ENODEV);
    return device;
}

using Addresses = std::array<netstack::InterfaceAddress, 32>;
std::span<const netstack::InterfaceAddress> addresses(Addresses& all) noexcept {
    return std::span(all).first(std::min(netstack::addresses(all), all.size()));
}

Address address_of(in_addr in) noexcept {
    Address address;
    std::memcpy(address.bytes.data(), &in, sizeof in);
    return address;
}
Address address_of(const in6_addr& in) noexcept {
    Address address{Address::Family::v6, {}};
    std::memcpy(address.bytes.data(), &in, sizeof in);
    return address;
}

/// Errors: `missing`. Null for INADDR_ANY.
Outcome<const Device*> device_of(in_addr in, int missing) noexcept {
    if (in.s_addr == INADDR_ANY) return nullptr;
    Addresses all;
    for (const auto& each : addresses(all))
        if (each.prefix.address == address_of(in)) return each.device;
    return std::unexpected(missing);
}

/// The first address of version 4 that the device has.
int address_of(const Device* device) noexcept {
    int result = 0;
    Addresses all;
    for (const auto& each : addresses(all)) {
        if (device == nullptr || each.device != device || each.prefix.address.family != Address::Family::v4) continue;
        std::memcpy(&result, each.prefix.address.bytes.data(), sizeof result);
        break;
    }
    return result;
}

/// A group, and where.
struct Place {
    Address group;
    const Device* device;
};
Outcome<Place> place_of(Address::Family family, const Option& option) noexcept {
    if (family == Address::Family::v6) {
        const auto in = UNICORE_TRY(option.as<ipv6_mreq>());
        return Place{address_of(in.ipv6mr_multiaddr), UNICORE_TRY(device_of(in.ipv6mr_interface))};
    }
    if (option.size >= sizeof(ip_mreqn)) {
        const auto in = UNICORE_TRY(option.as<ip_mreqn>());
        if (in.imr_ifindex != 0)
            return Place{address_of(in.imr_multiaddr), UNICORE_TRY(device_of(static_cast<unsigned>(in.imr_ifindex)))};
    }
    const auto in = UNICORE_TRY(option.as<ip_mreq>());
    return Place{address_of(in.imr_multiaddr), UNICORE_TRY(device_of(in.imr_interface, ENODEV))};
}

/// Where what is sent to groups goes.
Outcome<const Device*> sender_of(Address::Family family, const Option& option) noexcept {
    if (family == Address::Family::v6) return device_of(UNICORE_TRY(option.as<unsigned>()));
    if (option.size >= sizeof(ip_mreq)) return UNICORE_TRY(place_of(family, option)).device;
    return device_of(UNICORE_TRY(option.as<in_addr>()), EADDRNOTAVAIL);
}

/// A number, also in one byte.
Outcome<int> number_of(const Option& option) noexcept {
    if (option.size == 1) return int{UNICORE_TRY(option.as<unsigned char>())};
    return option.as<int>();
}

Outcome<void> join_or_leave(Port& port, bool joins, const Place& place) noexcept {
    const Lock lock;
    const auto outcome = joins ? port.join(place.group, place.device) : port.leave(place.group, place.device);
    if (outcome) return {};
    if (outcome.error() == Failure::unreachable) return std::unexpected(ENODEV);
    if (!joins && outcome.error() == Failure::invalid) return std::unexpected(EADDRNOTAVAIL);
    return outcome_of(outcome);
}

/// The names of version 6's options as those of version 4, which mean the same.
int common(Address::Family family, int name) noexcept {
    if (family == Address::Family::v4) return name;
    switch (name) {
    case IPV6_MULTICAST_IF: return IP_MULTICAST_IF;
    case IPV6_MULTICAST_HOPS: return IP_MULTICAST_TTL;
    case IPV6_MULTICAST_LOOP: return IP_MULTICAST_LOOP;
    case IPV6_JOIN_GROUP: return IP_ADD_MEMBERSHIP;
    case IPV6_LEAVE_GROUP: return IP_DROP_MEMBERSHIP;
    default: return -1;
    }
}

}  // namespace

Outcome<void> set_group_option(Port& port, Address::Family family, int name, const Option& option) noexcept {
    Port::ToGroups how = port.to_groups();
    switch (common(family, name)) {
    case IP_ADD_MEMBERSHIP: return join_or_leave(port, true, UNICORE_TRY(place_of(family, option)));
    case IP_DROP_MEMBERSHIP: return join_or_leave(port, false, UNICORE_TRY(place_of(family, option)));
    case IP_MULTICAST_IF: how.device = UNICORE_TRY(sender_of(family, option)); break;
    case IP_MULTICAST_TTL: {
        const int hops = UNICORE_TRY(number_of(option));
        if (hops < -1 || hops > 255) return std::unexpected(EINVAL);
        how.hops = static_cast<std::uint8_t>(hops == -1 ? Port::ToGroups{}.hops : hops);
        break;
    }
    case IP_MULTICAST_LOOP: how.comes_back = UNICORE_TRY(number_of(option)) != 0; break;
    default: return std::unexpected(ENOPROTOOPT);
    }
    const Lock lock;
    return port.set_to_groups(how) ? Outcome<void>() : std::unexpected(ENODEV);
}

Outcome<int> group_option(Port& port, Address::Family family, int name) noexcept {
    const Port::ToGroups& how = port.to_groups();
    switch (common(family, name)) {
    case IP_MULTICAST_IF: return family == Address::Family::v4 ? address_of(how.device) : static_cast<int>(index_of(how.device));
    case IP_MULTICAST_TTL: return int{how.hops};
    case IP_MULTICAST_LOOP: return int{how.comes_back};
    default: return std::unexpected(ENOPROTOOPT);
    }
}

}  // namespace unicore::posix::sockets

using namespace unicore;
using namespace unicore::posix::sockets;

extern "C" {

unsigned if_nametoindex(const char* name) {
    const unsigned index = index_of(net::find_device(name));
    if (index == 0) errno = ENODEV;
    return index;
}

char* if_indextoname(unsigned index, char* name) {
    const net::Device* const device = device_at(index);
    if (device == nullptr) {
        errno = ENXIO;
        return nullptr;
    }
    const std::string_view text = device->name().substr(0, IF_NAMESIZE - 1);
    *std::ranges::copy(text, name).out = '\0';
    return name;
}

/// The list, an entry of zeros behind it, and the names, in one block.
struct if_nameindex* if_nameindex(void) {
    unsigned count = 0;
    for (const net::Device* each = net::first_device(); each != nullptr; each = each->next) ++count;
    void* const block = calloc(1, (count + 1) * sizeof(struct if_nameindex) + count * IF_NAMESIZE);
    if (block == nullptr) {
        errno = ENOBUFS;
        return nullptr;
    }
    auto* const list = static_cast<struct if_nameindex*>(block);
    char* names = reinterpret_cast<char*>(list + count + 1);
    for (unsigned i = 0; i != count; ++i, names += IF_NAMESIZE) list[i] = {i + 1, if_indextoname(i + 1, names)};
    return list;
}

void if_freenameindex(struct if_nameindex* list) { free(list); }

}  // extern "C"
