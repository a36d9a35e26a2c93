// SPDX-License-Identifier: BSD-3-Clause
#include "sender.hpp"

#include <unicore/base/assert.hpp>
#include <unicore/base/units.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <utility>

namespace unicore::net::virtio {
namespace {

using DeviceBuffer = bus::virtio::Buffer;

/// The header for a packet that can be sent: it, or its segments, have no more than the MTU of payload.
Result<Header> check(const Packet& packet, std::size_t size, std::size_t parts, const Properties& properties) noexcept {
    if (size < ethernet_header_size || parts > properties.most_parts) return unexpected(Error::invalid_argument);
    const Header header = UNICORE_TRY(header_for(packet));
    const bool whole = header.gso_type == Header::none;
    if ((header.flags & Header::needs_csum) != 0 && !properties.completes_checksums) return unexpected(Error::invalid_argument);
    if (header.gso_type == Header::tcpv4 && !properties.segments_tcp4) return unexpected(Error::invalid_argument);
    if (header.gso_type == Header::tcpv6 && !properties.segments_tcp6) return unexpected(Error::invalid_argument);
    const std::size_t segment = whole ? size : std::size_t{header.hdr_len} + header.gso_size;
    if (segment > ethernet_header_size + properties.mtu || size > longest_frame) return unexpected(Error::invalid_argument);
    return header;
}

}  // namespace

Result<void> Sender::open(std::uint16_t size, std::size_t header_size, bus::virtio::Rings rings) noexcept {
    if (headers_ == nullptr) {
        memory_ = UNICORE_TRY(memory::pages::Pages::create(
            pages_for(size * (sizeof(DeviceHeader) + sizeof(Buffer*) + sizeof(bus::virtio::Slot)))));
        headers_ = reinterpret_cast<DeviceHeader*>(memory_.bytes().data());
        packets_ = reinterpret_cast<Buffer**>(headers_ + size);
        slots_ = reinterpret_cast<bus::virtio::Slot*>(packets_ + size);
        std::uninitialized_value_construct_n(headers_, size);
        std::uninitialized_value_construct_n(packets_, size);
        std::uninitialized_default_construct_n(slots_, size);
        size_ = size;
    }
    UNICORE_ASSERT(size == size_);
    header_size_ = header_size;
    queue_ = UNICORE_TRY(bus::virtio::Queue::create({slots_, size_}, rings));
    full_ = false;
    return {};
}

Result<void> Sender::reclaim() noexcept {
    while (const auto used = UNICORE_TRY(queue_.take_used())) Packet(*std::exchange(packets_[used->request], nullptr)).clear();
    return {};
}

Result<std::size_t> Sender::send(std::span<Packet> burst, const Properties& properties,
                                 Statistics::Direction& statistics) noexcept {
    UNICORE_TRY(reclaim());
    std::size_t taken = 0;
    for (Packet& packet : burst) {
        std::size_t size = 0, parts = 0;
        for (const Buffer* part = packet ? &packet.first() : nullptr; part != nullptr; part = part->next) {
            size += part->size;
            parts += part->size != 0;  // what is empty the device need not know of
        }
        const auto header = check(packet, size, parts, properties);
        if (!header) {
            ++statistics.errors;
            packet.clear();
            ++taken;
            continue;
        }
        Buffer* part = &packet.first();
        // In the room in front of the packet, its header needs no buffer of its own.
        const bool joined = part->size != 0 && part->room_in_front() >= header_size_;
        if (parts + !joined > queue_.free_count()) {
            full_ = true;
            return taken;
        }
        const std::uint16_t request = queue_.next_request();
        const DeviceHeader whole{.header = *header, .num_buffers = 0, .unused = 0};
        std::array<DeviceBuffer, 1 + most_parts> buffers;
        std::size_t count = 1;
        if (joined) {
            std::byte* const begin = part->data - header_size_;
            std::memcpy(begin, &whole, header_size_);
            buffers[0] = {reinterpret_cast<std::uintptr_t>(begin), static_cast<std::uint32_t>(header_size_) + part->size, false};
            part = part->next;
        } else {
            headers_[request] = whole;
            buffers[0] = {reinterpret_cast<std::uintptr_t>(&headers_[request]), static_cast<std::uint32_t>(header_size_), false};
        }
        for (; part != nullptr; part = part->next)
            if (part->size != 0) buffers[count++] = {reinterpret_cast<std::uintptr_t>(part->data), part->size, false};
        UNICORE_TRY(queue_.add(std::span(buffers).first(count)));
        packets_[request] = packet.release();
        ++statistics.packets;
        statistics.bytes += size;
        ++taken;
    }
    full_ = false;
    return taken;
}

void Sender::close() noexcept {
    for (Buffer*& packet : std::span(packets_, packets_ == nullptr ? 0 : size_))
        if (packet != nullptr) Packet(*std::exchange(packet, nullptr)).clear();
    queue_ = {};
}

}  // namespace unicore::net::virtio
