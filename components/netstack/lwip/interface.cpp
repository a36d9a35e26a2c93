// SPDX-License-Identifier: BSD-3-Clause
#include "interface.hpp"

#include "buffers.hpp"
#include "offload.hpp"

#include <unicore/net/offload.hpp>

#include <lwip/etharp.h>
#include <lwip/ethip6.h>
#include <lwip/ip.h>
#include <lwip/netif.h>
#include <netif/ethernet.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace unicore::netstack::lwip {
namespace {

using Checksum = net::Offload::Checksum;

}  // namespace

/// What lwIP must know of an interface that is new. [lwip/netif.h, netif_init_fn]
err_t Interface::prepare(struct netif* interface) noexcept {
    const net::Properties& properties = static_cast<Interface*>(interface->state)->device_.properties();
    interface->name[0] = 'e';
    interface->name[1] = 'n';
    interface->mtu = properties.mtu;
    interface->hwaddr_len = sizeof properties.address.bytes;
    std::memcpy(interface->hwaddr, properties.address.bytes.data(), interface->hwaddr_len);
    interface->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET | NETIF_FLAG_IGMP | NETIF_FLAG_MLD6;
    interface->output = etharp_output;
#if LWIP_IPV6
    interface->output_ip6 = ethip6_output;
#endif
    interface->linkoutput = output;
    return ERR_OK;
}

Result<void> Interface::open() noexcept {
    UNICORE_TRY(device_.open(*this));
    netif_add(&netif_, nullptr, nullptr, nullptr, this, prepare, ethernet_input);
    // A datagram's checksum is left to lwIP: those of fragments no device completes.
    const bool leaves = device_.properties().completes_checksums;
    NETIF_SET_CHECKSUM_CTRL(&netif_, NETIF_CHECKSUM_ENABLE_ALL & (leaves ? ~NETIF_CHECKSUM_GEN_TCP : ~0));
    netif_set_up(&netif_);
    look_at_link();
    return {};
}

void Interface::look_at_link() noexcept {
    const bool up = device_.link().up;
    if (up == (netif_is_link_up(&netif_) != 0)) return;
    if (up) netif_set_link_up(&netif_);
    else netif_set_link_down(&netif_);
}

bool Interface::receive() noexcept {
    look_at_link();
    const std::size_t count = device_.receive(0, receiving_);
    for (std::size_t i = 0; i != count; ++i) input(std::move(receiving_[i]));
    return count == burst;
}

void Interface::input(net::Packet packet) noexcept {
    const Checksum known = packet.offload().checksum;
    pbuf* const frame = received(std::move(packet));
    if (frame == nullptr) return;
    const auto take = [&] {
        if (netif_.input(frame, &netif_) != ERR_OK) pbuf_free(frame);
    };
    if (known != Checksum::none) trusting(take);
    else take();
}

/// What lwIP looks at is a flag of the interface, and it looks while it is called.
template <typename Function>
void Interface::trusting(Function function) noexcept {
    constexpr u16_t both = NETIF_CHECKSUM_CHECK_TCP | NETIF_CHECKSUM_CHECK_UDP;
    const u16_t flags = netif_.chksum_flags;
    netif_.chksum_flags = flags & static_cast<u16_t>(~both);
    function();
    netif_.chksum_flags = flags;
}

/// It has not been to a device, which would have completed it.
void Interface::receive_own() noexcept {
    if (has_own()) trusting([&] { netif_poll(&netif_); });
}

err_t Interface::output(struct netif* interface, pbuf* frame) noexcept {
    return static_cast<Interface*>(interface->state)->send(*frame);
}

err_t Interface::send(pbuf& frame) noexcept {
    if (sending_count_ == sending_.size()) {
        flush();
        if (sending_count_ == sending_.size()) return ERR_MEM;  // TCP sends it again
    }
    auto packet = lent(frame, device_.properties().most_parts);
    if (!packet) return ERR_MEM;
    if ((netif_.chksum_flags & NETIF_CHECKSUM_GEN_TCP) == 0) leave_checksum(packet->bytes(), packet->offload());
    sending_[sending_count_++] = std::move(*packet);
    return ERR_OK;
}

bool Interface::flush_some() noexcept {
    if (sending_count_ != 1 && (device_.properties().segments_tcp4 || device_.properties().segments_tcp6))
        sending_count_ = net::merge_segments(std::span(sending_).first(sending_count_), device_.properties());
    const std::size_t taken = device_.send(0, std::span(sending_).first(sending_count_));
    std::move(sending_.begin() + static_cast<std::ptrdiff_t>(taken),
              sending_.begin() + static_cast<std::ptrdiff_t>(sending_count_), sending_.begin());
    sending_count_ -= taken;
    return sending_count_ == 0;
}

bool Interface::await() noexcept {
    using Event = net::Device::Event;
    device_.reclaim(0);
    return device_.await(0, sending_count_ == 0 ? Event::received : Event::received_or_room);
}

}  // namespace unicore::netstack::lwip
