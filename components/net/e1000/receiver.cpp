// SPDX-License-Identifier: BSD-3-Clause
#include "receiver.hpp"

#include <unicore/arch/barriers.hpp>
#include <unicore/base/assert.hpp>

#include <memory>
#include <utility>

namespace unicore::net::e1000 {

using Checksum = Offload::Checksum;

Result<void> Receiver::open(std::uint16_t size, std::size_t buffers) noexcept {
    if (buffers_ == nullptr) {
        if (!ring_.is_open()) UNICORE_TRY(ring_.open(size));
        if (memory_.bytes().empty())
            memory_ = UNICORE_TRY(memory::pages::Pages::create(pages_for(size * sizeof(Buffer*))));
        UNICORE_TRY(pool_.open(buffers));
        buffers_ = reinterpret_cast<Buffer**>(memory_.bytes().data());
        std::uninitialized_value_construct_n(buffers_, size);
    }
    UNICORE_ASSERT(size == ring_.size());
    next_ = given_ = 0;
    failed_ = false;
    return {};
}

bool Receiver::fill() noexcept {
    // Telling costs an access to the device, so it is told of many at once, but before it runs out.
    const unsigned missing = ring_.size() - 1U - given_;
    if (missing < ring_.size() / 8U) return false;
    const std::uint16_t before = given_;
    for (unsigned left = missing; left != 0; --left) {
        Buffer* const buffer = pool_.statistics().free != 0 ? pool_.take_buffer(room_in_front) : nullptr;
        if (buffer == nullptr) break;
        const std::uint16_t index = tail();
        ring_.write(index, reinterpret_cast<std::uintptr_t>(buffer->data), 0, 0);
        buffers_[index] = buffer;
        ++given_;
    }
    return given_ != before;
}

/// None, without an error: it was dropped. There is one.
Result<Packet> Receiver::take(Statistics::Direction& statistics) noexcept {
    const auto status = ring_.at<std::uint8_t>(next_, received::status);
    const auto errors = ring_.at<std::uint8_t>(next_, received::errors);
    const auto length = ring_.at<std::uint16_t>(next_, received::length);
    if ((status & received::eop) == 0 || length > longest) return unexpected(Error::device_error);
    Packet packet(*std::exchange(buffers_[next_], nullptr));
    next_ = ring_.next(next_);
    --given_;
    if ((errors & received::damaged) != 0 || length < ethernet_header_size) {
        ++statistics.errors;
        return {};
    }
    packet.first().size = length;
    if ((status & (received::ixsm | received::tcpcs)) == received::tcpcs &&
        (errors & (received::tcpe | received::ipe)) == 0)
        packet.offload().checksum = Checksum::verified;
    ++statistics.packets;
    statistics.bytes += length;
    return packet;
}

Result<std::size_t> Receiver::receive(std::span<Packet> into, Statistics::Direction& statistics) noexcept {
    if (failed_) return unexpected(Error::device_error);
    std::size_t count = 0;
    // Who sends what is dropped, without end, does not keep the caller.
    for (unsigned left = ring_.size(); left != 0 && count != into.size() && ready(); --left) {
        arch::Barriers::read();  // that it is there, before what it is
        auto packet = take(statistics);
        if (!packet) {
            failed_ = true;
            if (count == 0) return unexpected(packet.error());
            break;  // what came before is given first
        }
        if (*packet) into[count++] = std::move(*packet);
    }
    return count;
}

void Receiver::close() noexcept {
    for (; given_ != 0; --given_) {
        pool_.take_back(*std::exchange(buffers_[next_], nullptr));
        next_ = ring_.next(next_);
    }
}

}  // namespace unicore::net::e1000
