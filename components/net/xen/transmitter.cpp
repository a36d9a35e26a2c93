// SPDX-License-Identifier: BSD-3-Clause
#include "transmitter.hpp"

#include <unicore/base/copy.hpp>
#include <unicore/base/units.hpp>
#include <unicore/net/headers.hpp>

#include <algorithm>
#include <span>

namespace unicore::net::xen {
namespace {

using Segments = Offload::Segments;

static_assert(sizeof(ring::Entry<TransmitRequest, netif_tx_response>) == 12);
static_assert(config::transmit * page_size > Transmitter::largest);  // so that every packet has room some time

}  // namespace

Result<void> Transmitter::connect(domid_t peer) noexcept {
    memory_ = UNICORE_TRY(grants::SharedPage::create(peer));
    for (std::size_t number = 0; number != pages; ++number) {
        pages_[number] = UNICORE_TRY(grants::SharedPage::create(peer, grants::Access::read_only));
        free_[number] = static_cast<std::uint16_t>(pages - 1 - number);
    }
    ring_ = ring::FrontRing<TransmitRequest, netif_tx_response>(memory_.bytes());
    ring_.hush();
    uses_ = {};
    free_count_ = pages;
    extras_ = 0;
    lie_ = {};
    return {};
}

void Transmitter::disconnect() noexcept {
    ring_ = {};
    for (grants::SharedPage& page : pages_) page = grants::SharedPage();
    memory_ = grants::SharedPage();
    free_count_ = 0;
}

/// Copies a packet into the next pages, of which there are enough.
void Transmitter::copy(const Packet& packet) noexcept {
    std::size_t place = free_count_, room = 0;
    std::byte* to = nullptr;
    for (const Buffer* part = &packet.first(); part != nullptr; part = part->next) {
        const std::byte* from = part->data;
        for (std::size_t left = part->size; left != 0;) {
            if (room == 0) {
                to = page(--place);
                room = page_size;
            }
            const std::size_t here = std::min(left, room);
            unicore::copy(to, from, here);
            to += here, from += here;
            room -= here, left -= here;
        }
    }
}

/// Says what the other end does about checksum and segments of the packet, which was copied. False when nobody can do
/// what it wants.
bool Transmitter::describe(const Packet& packet, std::size_t size, const Properties& properties,
                           netif_tx_request& first, netif_extra_info& extra) noexcept {
    const Offload& offload = packet.offload();
    if (offload.checksum != Offload::Checksum::partial) return offload.segments == Segments::none;
    const std::size_t start = offload.checksum_start, place = start + offload.checksum_offset;
    if (!properties.completes_checksums || start < ethernet_header_size || place + 2 > size) return false;

    const auto headers = find_headers(std::span(page(free_count_ - 1), std::min(size, page_size)), Tags::none);
    const bool found = headers && headers->transport == start && headers->checksum_offset() == offload.checksum_offset;
    if (offload.segments == Segments::none && !found) {  // what the other end would not find
        const std::uint16_t sum = checksum_from(packet, start);
        for (std::size_t i = 0; i != sizeof sum; ++i)
            page(free_count_ - 1 - (place + i) / page_size)[(place + i) % page_size] =
                reinterpret_cast<const std::byte*>(&sum)[i];
        return true;
    }
    first.flags = NETTXF_csum_blank | NETTXF_data_validated;
    if (offload.segments == Segments::none) return true;

    const bool six = offload.segments == Segments::tcp6;
    if (!found || !headers->tcp || headers->six != six) return false;
    if (!(six ? properties.segments_tcp6 : properties.segments_tcp4)) return false;
    if (offload.segment_size == 0 || headers->payload >= size ||
        std::size_t{headers->payload} + offload.segment_size > ethernet_header_size + properties.mtu)
        return false;
    if (size - headers->payload <= offload.segment_size) return true;  // one segment, which Linux would not cut
    first.flags |= NETTXF_extra_info;
    extra = {.type = XEN_NETIF_EXTRA_TYPE_GSO, .flags = 0, .u = {}};
    extra.u.gso.size = offload.segment_size;
    extra.u.gso.type = six ? XEN_NETIF_GSO_TYPE_TCPV6 : XEN_NETIF_GSO_TYPE_TCPV4;
    return true;
}

Transmitter::Outcome Transmitter::put(const Packet& packet, const Properties& properties) noexcept {
    const std::size_t size = packet.size();
    const bool segments = packet.offload().segments != Segments::none;
    const std::size_t longest = segments ? largest : ethernet_header_size + properties.mtu;
    if (size < ethernet_header_size || size > longest || packet.parts() > most_parts) return Outcome::refused;
    const std::size_t count = (size + page_size - 1) / page_size;
    if (count > free_count_ || count + (segments ? 1 : 0) > ring_.free()) return Outcome::no_room;

    copy(packet);
    netif_tx_request request{};
    netif_extra_info extra{};
    if (!describe(packet, size, properties, request, extra)) return Outcome::refused;
    // The first says how long all are together. [Xen, io/netif.h, "Guest transmit"]
    std::size_t left = size;
    for (Use use = Use::first; left != 0; use = Use::more) {
        const std::uint16_t number = free_[--free_count_];
        const std::size_t here = std::min(left, page_size);
        left -= here;
        uses_[number] = use;
        request.gref = pages_[number].reference();
        request.id = number;
        request.size = static_cast<std::uint16_t>(use == Use::first ? size : here);
        if (left != 0) request.flags |= NETTXF_more_data;
        const bool extended = (request.flags & NETTXF_extra_info) != 0;
        static_cast<void>(ring_.put({.request = request}));  // there is room
        if (extended) {
            static_cast<void>(ring_.put({.extra = extra}));
            ++extras_;
        }
        request.flags = 0;
    }
    return Outcome::sent;
}

Result<std::uint32_t> Transmitter::reclaim() noexcept {
    std::uint32_t failed = 0;
    netif_tx_response response;
    while (UNICORE_TRY(ring_.take(response))) {
        if (response.status == NETIF_RSP_NULL) {  // in the place of what more there was to say: it has no id
            if (extras_-- == 0) return lie_.found("an answer to a request that was not made");
            continue;
        }
        if (response.status != NETIF_RSP_OKAY && response.status != NETIF_RSP_ERROR &&
            response.status != NETIF_RSP_DROPPED)
            return lie_.found("an outcome of sending that there is not");
        if (response.id >= pages || uses_[response.id] == Use::none)
            return lie_.found("an answer to a request that was not made");
        if (response.status != NETIF_RSP_OKAY && uses_[response.id] == Use::first) ++failed;
        uses_[response.id] = Use::none;
        free_[free_count_++] = response.id;
    }
    return failed;
}

}  // namespace unicore::net::xen
