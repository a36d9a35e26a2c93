// SPDX-License-Identifier: BSD-3-Clause
#include "offload.hpp"

#include "ring.hpp"

#include <unicore/base/assert.hpp>
#include <unicore/net/address.hpp>
#include <unicore/net/headers.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <span>

namespace unicore::net::e1000 {
namespace {

using Segments = Offload::Segments;

constexpr std::size_t ip4_total = 2, ip4_checksum = 10, ip6_payload = 4;  // [RFC 791, 3.1; RFC 8200, 3]

/// Headers are found in a packet's first bytes, wherever its parts end.
Result<Headers> headers_of(const Packet& packet) noexcept {
    if (packet.bytes().size() >= most_headers || packet.first().next == nullptr)
        return find_headers(packet.bytes(), Tags::none);
    std::array<std::byte, most_headers> copy;
    return find_headers(std::span(copy).first(packet.copy_to(copy)), Tags::none);
}

/// Stores it over bytes of a packet that has them.
void store(const Packet& packet, std::size_t place, std::uint16_t value) noexcept {
    for (std::size_t i = 0; i != sizeof value; ++i) {
        std::size_t at = place + i;
        const Buffer* part = &packet.first();
        for (; at >= part->size; part = part->next) at -= part->size;
        part->data[at] = reinterpret_cast<const std::byte*>(&value)[i];
    }
}

/// Offsets have 8 bits.
constexpr bool fits(const Headers& headers) noexcept { return headers.transport + headers.checksum_offset() <= 0xff; }

Context context_for(const Headers& headers) noexcept {
    const std::uint32_t network = headers.network, transport = headers.transport;
    Context context{.transport = transport | (transport + headers.checksum_offset()) << 8, .command = to_send::dext};
    if (headers.tcp) context.command |= to_send::tucmd_tcp;
    if (!headers.six) {
        context.ip = network | (network + ip4_checksum) << 8 | (transport - 1) << 16;
        context.command |= to_send::tucmd_ip;
    }
    return context;
}

/// For segments; which there is more than one of.
Plan plan_for_segments(const Headers& headers, std::size_t size, std::uint16_t segment_size) noexcept {
    Plan plan{.context = context_for(headers),
              .command = to_send::tse,
              .options = to_send::txsm,
              .headers = headers.payload};
    plan.context.command |= to_send::tse | static_cast<std::uint32_t>(size - headers.payload);
    plan.context.segments = std::uint32_t{headers.payload} << 8 | std::uint32_t{segment_size} << 16;
    if (!headers.six) plan.options |= to_send::ixsm;
    return plan;
}

}  // namespace

Result<Plan> plan_for(Packet& packet, std::size_t size, const Properties& properties) noexcept {
    const Offload& offload = packet.offload();
    const bool segments = offload.segments != Segments::none;
    const std::size_t longest = ethernet_header_size + properties.mtu;
    if (size > (segments ? longest_frame : longest)) return unexpected(Error::invalid_argument);
    if (offload.checksum != Offload::Checksum::partial) {
        if (segments) return unexpected(Error::invalid_argument);
        return Plan{};
    }
    const std::size_t start = offload.checksum_start, place = start + offload.checksum_offset;
    if (start < ethernet_header_size || place + 2 > size) return unexpected(Error::invalid_argument);
    const auto headers = headers_of(packet);
    const bool found = headers && headers->transport == start && headers->checksum_offset() == offload.checksum_offset;
    if (segments) {
        const bool can = offload.segments == Segments::tcp4 ? properties.segments_tcp4 : properties.segments_tcp6;
        if (!can || !found || !headers->tcp || headers->six != (offload.segments == Segments::tcp6) ||
            headers->payload > most_headers || headers->payload >= size || offload.segment_size == 0 ||
            std::size_t{headers->payload} + offload.segment_size > longest)
            return unexpected(Error::invalid_argument);
        if (size - headers->payload > offload.segment_size)
            return plan_for_segments(*headers, size, offload.segment_size);
    }
    if (found && fits(*headers)) return Plan{.context = context_for(*headers), .options = to_send::txsm};
    store(packet, place, checksum_from(packet, start));
    packet.offload().checksum = Offload::Checksum::none;  // should there be no room for it now
    return Plan{};
}

void write_headers(const Packet& packet, std::span<std::byte> into) noexcept {
    const std::size_t copied = packet.copy_to(into);
    const auto headers = find_headers(into, Tags::none);
    UNICORE_ASSERT(copied == into.size() && headers.has_value());
    if (headers->six) {
        std::memset(&into[headers->network + ip6_payload], 0, 2);
    } else {
        std::memset(&into[headers->network + ip4_total], 0, 2);
        std::memset(&into[headers->network + ip4_checksum], 0, 2);
    }
    begin_checksum(into, *headers, headers->transport);
}

}  // namespace unicore::net::e1000
