// SPDX-License-Identifier: BSD-3-Clause
#include "receiver.hpp"

#include <unicore/base/units.hpp>
#include <unicore/net/headers.hpp>

#include <cstring>
#include <utility>

namespace unicore::net::xen {
namespace {

static_assert(sizeof(ring::Entry<netif_rx_request, ReceiveResponse>) == 8);

/// Of one packet: 64 KiB in pages that are half full, and what is said of it.
constexpr unsigned most_answers = 40;
constexpr unsigned known_flags = NETRXF_data_validated | NETRXF_csum_blank | NETRXF_more_data | NETRXF_extra_info;

}  // namespace

Result<void> Receiver::open() noexcept {
    UNICORE_TRY(pool_.open(config::receive, page_size));
    // The other end gets to see them: what memory was used for before is none of its business.
    Packet all;
    while (Buffer* const buffer = pool_.take_buffer()) {
        std::memset(buffer->begin, 0, buffer->capacity);
        Packet one(*buffer);
        one.append(std::move(all));
        all = std::move(one);
    }
    return {};
}

Result<void> Receiver::connect(domid_t peer) noexcept {
    take_held();
    memory_ = UNICORE_TRY(grants::SharedPage::create(peer));
    peer_ = peer;
    ring_ = Ring(memory_.bytes());
    ring_.hush();
    put_ = taken_ = 0;
    lie_ = {};
    return {};
}

void Receiver::disconnect() noexcept {
    assembly_ = {};
    for (; taken_ != put_; ++taken_) {
        Buffer& buffer = *std::exchange(posted_[taken_ % places], nullptr);
        buffer.next = std::exchange(held_, &buffer);
        ++held_count_;
    }
    take_held();
    ring_ = {};
    memory_ = grants::SharedPage();
}

std::size_t Receiver::take_held() noexcept {
    Buffer* left = std::exchange(held_, nullptr);
    held_count_ = 0;
    while (left != nullptr) {
        Buffer& buffer = *std::exchange(left, left->next);
        buffer.next = nullptr;
        if (grants_[buffer.number].end()) {
            pool_.take_back(buffer);
        } else {
            buffer.next = std::exchange(held_, &buffer);
            ++held_count_;
        }
    }
    return held_count_;
}

bool Receiver::refill() noexcept {
    if (held_ != nullptr) take_held();
    while (!ring_.broken() && put_ - taken_ < wanted) {
        Buffer* const buffer = pool_.take_buffer();
        if (buffer == nullptr) break;
        auto grant = grants::Grant::offer(peer_, buffer->begin, grants::Access::read_write);
        if (!grant) {
            pool_.take_back(*buffer);
            break;
        }
        const auto place = static_cast<std::uint16_t>(put_++ % places);
        // There is room: what was answered was taken.
        static_cast<void>(ring_.put({.id = place, .pad = 0, .gref = grant->reference()}));
        grants_[buffer->number] = std::move(*grant);
        posted_[place] = buffer;
    }
    return ring_.publish();
}

/// The buffer of the place whose answer has come, which is ours again.
Result<Buffer*> Receiver::take_away() noexcept {
    Buffer& buffer = *posted_[taken_ % places];
    if (!grants_[buffer.number].end()) return lie_.found("an answer while it still has the page");
    posted_[taken_++ % places] = nullptr;
    return &buffer;
}

Result<bool> Receiver::next(Packet& packet, Statistics::Direction& counts) noexcept {
    ReceiveResponse answer;
    while (UNICORE_TRY(ring_.take(answer))) {
        // Answers are in the places of their requests: for those that have no id. [Xen, io/netif.h, "Guest receive"]
        const std::uint32_t place = taken_ % places;
        Packet part(*UNICORE_TRY(take_away()));
        if (++assembly_.answers > most_answers) return lie_.found("a packet without an end");
        if (assembly_.extra) {
            UNICORE_TRY(take_extra(answer.extra));
        } else {
            if (answer.response.id != place) return lie_.found("an answer to another request");
            UNICORE_TRY(take_part(answer.response, std::move(part)));
        }
        if (assembly_.extra || assembly_.more) continue;
        const bool accepted = accept(counts);
        if (accepted) packet = std::move(assembly_.packet);
        assembly_ = {};
        if (accepted) return true;
    }
    return false;
}

Result<void> Receiver::take_part(const netif_rx_response& response, Packet part) noexcept {
    if ((response.flags & ~known_flags) != 0) return lie_.found("flags that nobody asked for");
    const bool first = assembly_.answers == 1;
    if (first) {
        assembly_.flags = response.flags;
        assembly_.extra = (response.flags & NETRXF_extra_info) != 0;
    } else if ((response.flags & NETRXF_extra_info) != 0) {
        return lie_.found("more to be said of a part of a packet");
    }
    assembly_.more = (response.flags & NETRXF_more_data) != 0;
    if (response.status <= 0) {  // the other end failed
        assembly_.damaged = true;
        return {};
    }
    const std::size_t size = static_cast<std::size_t>(response.status);
    if (response.offset + size > page_size) return lie_.found("a part that is not in its page");
    Buffer& buffer = part.first();
    buffer.data = buffer.begin + response.offset;
    buffer.size = static_cast<std::uint32_t>(size);
    if (first) assembly_.first_size = size;
    assembly_.size += size;
    assembly_.packet.append(std::move(part));
    return {};
}

Result<void> Receiver::take_extra(const netif_extra_info& extra) noexcept {
    const auto gso = extra.u.gso;
    if (extra.type != XEN_NETIF_EXTRA_TYPE_GSO || (extra.flags & ~XEN_NETIF_EXTRA_FLAG_MORE) != 0 ||
        (gso.type != XEN_NETIF_GSO_TYPE_TCPV4 && gso.type != XEN_NETIF_GSO_TYPE_TCPV6) || gso.size == 0)
        return lie_.found("something about a packet that nobody asked for");
    assembly_.extra = (extra.flags & XEN_NETIF_EXTRA_FLAG_MORE) != 0;
    assembly_.segments = gso.type;
    assembly_.segment = gso.size;
    return {};
}

/// What was done about a packet's checksum and segments. Errors: invalid_argument when that is not what it is.
Result<Offload> Receiver::offload_of(const Assembly& whole) noexcept {
    Offload offload;
    const bool blank = (whole.flags & NETRXF_csum_blank) != 0, segments = whole.segments != XEN_NETIF_GSO_TYPE_NONE;
    if (!blank && !segments) {
        if ((whole.flags & NETRXF_data_validated) != 0) offload.checksum = Offload::Checksum::verified;
        return offload;
    }
    const std::span<std::byte> bytes = whole.packet.bytes();
    const auto found = find_headers(bytes, Tags::one);
    if (!found) return unexpected(Error::invalid_argument);
    if (!blank) begin_checksum(bytes, *found, whole.size);
    offload.checksum = Offload::Checksum::partial;
    offload.checksum_start = found->transport;
    offload.checksum_offset = found->checksum_offset();
    if (!segments) return offload;
    if (!found->tcp || found->six != (whole.segments == XEN_NETIF_GSO_TYPE_TCPV6) || found->payload >= whole.size)
        return unexpected(Error::invalid_argument);
    offload.segments = found->six ? Offload::Segments::tcp6 : Offload::Segments::tcp4;
    offload.segment_size = whole.segment;
    return offload;
}

/// Whether the packet, which is complete, is for anybody. Only while there are enough buffers to take the places of its
/// own: who keeps all packets does not stop the device.
bool Receiver::accept(Statistics::Direction& counts) noexcept {
    if (assembly_.damaged || assembly_.size > longest_frame || assembly_.first_size < ethernet_header_size) {
        ++counts.errors;
        return false;
    }
    if (pool_.statistics().free < wanted - (put_ - taken_)) {
        ++counts.dropped;
        return false;
    }
    const auto offload = offload_of(assembly_);
    if (!offload) {
        ++counts.errors;
        return false;
    }
    assembly_.packet.offload() = *offload;
    ++counts.packets;
    counts.bytes += assembly_.size;
    return true;
}

}  // namespace unicore::net::xen
