// SPDX-License-Identifier: BSD-3-Clause
#include "receiver.hpp"

#include <unicore/base/assert.hpp>
#include <unicore/base/units.hpp>
#include <unicore/net/virtio/header.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <utility>

namespace unicore::net::virtio {

Result<void> Receiver::open(std::uint16_t size, std::size_t buffers, const Rules& rules) noexcept {
    if (buffers_ == nullptr) {
        memory_ = UNICORE_TRY(memory::pages::Pages::create(pages_for(size * (sizeof(Buffer*) + sizeof(bus::virtio::Slot)))));
        UNICORE_TRY(pool_.open(buffers));
        buffers_ = reinterpret_cast<Buffer**>(memory_.bytes().data());
        slots_ = reinterpret_cast<bus::virtio::Slot*>(buffers_ + size);
        std::uninitialized_value_construct_n(buffers_, size);
        std::uninitialized_default_construct_n(slots_, size);
        size_ = size;
    }
    UNICORE_ASSERT(size == size_);
    rules_ = rules;
    failed_ = false;
    most_given_ = std::min<std::size_t>(32, size_);
    queue_ = UNICORE_TRY(bus::virtio::Queue::create({slots_, size_}, rules.rings));
    return {};
}

Result<void> Receiver::fill() noexcept {
    // Who has taken more than half of them gets twice as many: a guest that receives little starts without the rest.
    if (given() < most_given_ / 2) most_given_ = std::min<std::size_t>(2 * most_given_, size_);
    if (filled()) return {};
    for (std::size_t left = std::min<std::size_t>(most_given_ - given(), pool_.statistics().free); left != 0; --left) {
        Buffer* const buffer = pool_.take_buffer(room_in_front(rules_.header_size));
        const std::array place{bus::virtio::Buffer::to_write({buffer->data, buffer->room_behind()})};
        const auto request = queue_.add(place);
        if (!request) {
            pool_.take_back(*buffer);
            return unexpected(request.error());
        }
        buffers_[*request] = buffer;
    }
    return {};
}

Result<Buffer*> Receiver::take() noexcept {
    const auto used = UNICORE_TRY(queue_.take_used());
    if (!used) return nullptr;
    Buffer* const buffer = std::exchange(buffers_[used->request], nullptr);
    buffer->size = used->written;
    return buffer;
}

/// None, without an error: there is none, or it was dropped.
Result<Packet> Receiver::next(Statistics::Direction& statistics) noexcept {
    struct {
        Header header;
        std::uint16_t num_buffers;
    } front{};
    Buffer* last = UNICORE_TRY(take());
    if (last == nullptr) return {};
    Packet packet(*last);
    if (last->size < rules_.header_size) return unexpected(Error::device_error);
    std::memcpy(&front, last->data, rules_.header_size);
    last->data += rules_.header_size;
    last->size -= static_cast<std::uint32_t>(rules_.header_size);
    const std::size_t in_first = last->size;
    std::size_t size = in_first;
    if (rules_.mergeable) {
        // All parts are there at once, and each has something. [5.1.6.4.1]
        if (front.num_buffers == 0) return unexpected(Error::device_error);
        for (unsigned left = front.num_buffers; left != 1; --left) {
            Buffer* const part = UNICORE_TRY(take());
            if (part == nullptr) return unexpected(Error::device_error);
            last = last->next = part;
            if (part->size == 0) return unexpected(Error::device_error);
            size += part->size;
        }
    }
    if (!rules_.offloads) front.header.flags = 0;
    const auto offload = offload_of(front.header, size);
    if (in_first < ethernet_header_size || size > longest_frame || !offload) {
        ++statistics.errors;
        return {};
    }
    packet.offload() = *offload;
    ++statistics.packets;
    statistics.bytes += size;
    return packet;
}

Result<std::size_t> Receiver::receive(std::span<Packet> into, Statistics::Direction& statistics) noexcept {
    if (failed_) return unexpected(Error::device_error);
    std::size_t count = 0;
    // Who sends what is dropped, without end, does not keep the caller.
    for (unsigned left = size_; left != 0 && count != into.size(); --left) {
        const std::uint16_t before = queue_.free_count();
        auto packet = next(statistics);
        if (!packet) {
            failed_ = true;
            if (count == 0) return unexpected(packet.error());
            break;  // what came before is given first
        }
        if (*packet) into[count++] = std::move(*packet);
        else if (queue_.free_count() == before) break;
    }
    return count;
}

void Receiver::close() noexcept {
    for (Buffer*& buffer : std::span(buffers_, buffers_ == nullptr ? 0 : size_))
        if (buffer != nullptr) pool_.take_back(*std::exchange(buffer, nullptr));
    queue_ = {};
}

}  // namespace unicore::net::virtio
