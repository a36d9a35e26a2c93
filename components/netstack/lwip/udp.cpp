// SPDX-License-Identifier: BSD-3-Clause
// UDP over lwIP's. [lwip/udp.h]
#include <unicore/netstack/udp.hpp>

#include "conversions.hpp"
#include "failures.hpp"
#include "groups.hpp"

#include <unicore/base/assert.hpp>
#include <unicore/memory/slab.hpp>

#include <lwip/udp.h>

#include <algorithm>
#include <utility>

namespace unicore::netstack::udp {
namespace {

using lwip::outcome_of;

/// One that waits to be read.
struct Datagram {
    pbuf* data;
    Endpoint from;
    Datagram* next;
};

[[clang::no_destroy]] constinit memory::slab::Cache<Datagram> datagrams(1);

udp_pcb* pcb_of(void* control) noexcept { return static_cast<udp_pcb*>(control); }
Datagram* datagram_of(void* datagram) noexcept { return static_cast<Datagram*>(datagram); }

}  // namespace

/// What lwIP calls, and what is made for it.
struct Callbacks {
    static void received(void* argument, udp_pcb*, pbuf* data, const ip_addr_t* address, u16_t number) noexcept {
        auto& port = *static_cast<Port*>(argument);
        Datagram* made = nullptr;
        if (port.waiting_ + data->tot_len <= port.limit_)
            made = datagrams.create(data, Endpoint{lwip::of(*address), number}, nullptr).value_or(nullptr);
        if (made == nullptr) {
            ++port.lost_;
            pbuf_free(data);
            return;
        }
        port.waiting_ += data->tot_len;
        if (port.last_ == nullptr) port.first_ = made;
        else datagram_of(port.last_)->next = made;
        port.last_ = made;
        port.user_.received(port);
    }

    static Outcome<udp_pcb*> control(Port& port, Address::Family family) noexcept {
        if (port.control_ == nullptr) {
            udp_pcb* const pcb = udp_new_ip_type(lwip::type_of(family));
            if (pcb == nullptr) return std::unexpected(Failure::no_memory);
            udp_recv(pcb, received, &port);
            port.control_ = pcb;
            tell_groups(port);
        }
        return pcb_of(port.control_);
    }

    static void tell_groups(Port& port) noexcept {
        udp_pcb* const pcb = pcb_of(port.control_);
        const Port::ToGroups& how = port.to_groups_;
        udp_set_multicast_ttl(pcb, how.hops);
        // Version 6 has no route to groups.
        const bool routed = how.device == nullptr && IP_IS_V4_VAL(pcb->local_ip);
        struct netif* const netif = routed ? nullptr : lwip::netif_for(how.device);
        udp_set_multicast_netif_index(pcb, netif == nullptr ? NETIF_NO_INDEX : netif_get_index(netif));
        const auto flags = static_cast<u8_t>(pcb->flags & ~UDP_FLAGS_MULTICAST_LOOP);
        udp_setflags(pcb, how.comes_back ? flags | UDP_FLAGS_MULTICAST_LOOP : flags);
    }
};

Outcome<void> Port::bind(const Endpoint& own, bool shared) noexcept {
    udp_pcb* const pcb = UNICORE_TRY(Callbacks::control(*this, own.address.family));
    if (pcb->local_port != 0) return std::unexpected(Failure::invalid);
    if (shared) ip_set_option(pcb, SOF_REUSEADDR);
    ip_addr_t address = lwip::to_ip(own.address);
#if LWIP_IPV6
    struct netif* const netif = lwip::netif_for(to_groups_.device);
    if (own.address.family == Address::Family::v6 && netif != nullptr)
        ip6_addr_assign_zone(ip_2_ip6(&address), IP6_MULTICAST, netif);
#endif
    return outcome_of(udp_bind(pcb, &address, own.port));
}

Outcome<void> Port::bind(const net::Device& device) noexcept {
    struct netif* const netif = lwip::netif_of(device);
    if (netif == nullptr) return std::unexpected(Failure::unreachable);
    udp_bind_netif(UNICORE_TRY(Callbacks::control(*this, Address::Family::v4)), netif);
    return {};
}

Outcome<void> Port::connect(const Endpoint& other) noexcept {
    udp_pcb* const pcb = UNICORE_TRY(Callbacks::control(*this, other.address.family));
    if (other.port == 0) return std::unexpected(Failure::invalid);
    const ip_addr_t address = lwip::to_ip(other.address);
    auto outcome = outcome_of(udp_connect(pcb, &address, other.port));
    connected_ = outcome.has_value();
    return outcome;
}

void Port::disconnect() noexcept {
    if (std::exchange(connected_, false)) udp_disconnect(pcb_of(control_));
}

void Port::close() noexcept {
    while (first_ != nullptr) drop();
    while (lwip::Membership* const first = lwip::membership_of(groups_)) {
        groups_ = first->next;
        lwip::end(first);
    }
    if (control_ != nullptr) udp_remove(pcb_of(std::exchange(control_, nullptr)));
    connected_ = false;
}

namespace {

/// A copy of the bytes that lwIP can put its headers in front of.
Outcome<pbuf*> copy_of(std::span<const std::byte> bytes) noexcept {
    if (bytes.size() > Port::most) return std::unexpected(Failure::invalid);
    const auto size = static_cast<u16_t>(bytes.size());
    pbuf* const copy = pbuf_alloc(PBUF_TRANSPORT, size, PBUF_RAM);
    if (copy == nullptr) return std::unexpected(Failure::no_memory);
    pbuf_take(copy, bytes.data(), size);
    return copy;
}

}  // namespace

Outcome<void> Port::send(std::span<const std::byte> bytes) noexcept {
    if (!connected_) return std::unexpected(Failure::invalid);
    pbuf* const copy = UNICORE_TRY(copy_of(bytes));
    const err_t error = udp_send(pcb_of(control_), copy);
    pbuf_free(copy);
    return outcome_of(error);
}

Outcome<void> Port::send(std::span<const std::byte> bytes, const Endpoint& to) noexcept {
    if (to.port == 0) return std::unexpected(Failure::invalid);
    udp_pcb* const pcb = UNICORE_TRY(Callbacks::control(*this, to.address.family));
    pbuf* const copy = UNICORE_TRY(copy_of(bytes));
    const ip_addr_t address = lwip::to_ip(to.address);
    const err_t error = udp_sendto(pcb, copy, &address, to.port);
    pbuf_free(copy);
    return outcome_of(error);
}

std::size_t Port::size() const noexcept {
    UNICORE_ASSERT(readable());
    return datagram_of(first_)->data->tot_len;
}

Endpoint Port::from() const noexcept {
    UNICORE_ASSERT(readable());
    return datagram_of(first_)->from;
}

std::size_t Port::copy_to(std::span<std::byte> into, std::size_t offset) const noexcept {
    if (offset >= size()) return 0;
    const auto room = static_cast<u16_t>(std::min<std::size_t>(into.size(), 0xffff));
    return pbuf_copy_partial(datagram_of(first_)->data, into.data(), room, static_cast<u16_t>(offset));
}

void Port::drop() noexcept {
    UNICORE_ASSERT(readable());
    Datagram* const first = datagram_of(first_);
    first_ = first->next;
    if (first_ == nullptr) last_ = nullptr;
    waiting_ -= first->data->tot_len;
    pbuf_free(first->data);
    datagrams.destroy(first);
}

void Port::set_broadcast(bool yes) noexcept {
    const auto pcb = Callbacks::control(*this, Address::Family::v4);
    if (!pcb) return;
    if (yes) ip_set_option(*pcb, SOF_BROADCAST);
    else ip_reset_option(*pcb, SOF_BROADCAST);
}

Outcome<void> Port::set_to_groups(const ToGroups& how) noexcept {
    if (how.device != nullptr && lwip::netif_of(*how.device) == nullptr) return std::unexpected(Failure::unreachable);
    to_groups_ = how;
    if (control_ != nullptr) Callbacks::tell_groups(*this);
    return {};
}

Endpoint Port::own() const noexcept {
    if (control_ == nullptr) return {};
    return {lwip::of(pcb_of(control_)->local_ip), pcb_of(control_)->local_port};
}

Endpoint Port::other() const noexcept {
    if (!connected_) return {};
    return {lwip::of(pcb_of(control_)->remote_ip), pcb_of(control_)->remote_port};
}

}  // namespace unicore::netstack::udp
