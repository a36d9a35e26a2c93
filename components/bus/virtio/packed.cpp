// SPDX-License-Identifier: BSD-3-Clause
// What differs in a packed virtqueue: both sides write into one ring, each descriptor's flags say whose it is.
#include "packed.hpp"

#include <unicore/bus/virtio/queue.hpp>

#include <unicore/arch/barriers.hpp>

#include <cstring>

namespace unicore::bus::virtio {

void Queue::open_packed() noexcept {
    available_ = descriptor_at(slots_.size());
    used_ = available_ + packed::events::bytes;
    std::memset(memory_.bytes().data(), 0, packed::bytes_of(slots_.size()));  // neither available nor used yet
    at<std::uint32_t>(available_) = packed::events::none;
}

void Queue::add_packed(std::span<const Buffer> buffers, std::uint16_t request) noexcept {
    std::byte* const first = descriptor_at(next_);
    std::uint16_t first_flags = 0;
    for (const Buffer& buffer : buffers) {
        std::byte* const place = descriptor_at(next_);
        const auto flags = static_cast<std::uint16_t>((buffer.for_device_to_write ? packed::flag_write : 0) |
                                                      (&buffer == &buffers.back() ? 0 : packed::flag_next) |
                                                      (wrap_ ? packed::flag_available : packed::flag_used));
        at<std::uint64_t>(place + packed::address) = buffer.address;
        at<std::uint32_t>(place + packed::length) = buffer.size;
        at<std::uint16_t>(place + packed::id) = request;
        if (place == first) first_flags = flags;
        else at<std::uint16_t>(place + packed::flags) = flags;
        if (++next_ == size()) {
            next_ = 0;
            wrap_ = !wrap_;
        }
    }
    ++added_;
    arch::Barriers::write();  // the request is there before its first descriptor is the device's [2.8.21.1]
    at<std::uint16_t>(first + packed::flags) = first_flags;
}

bool Queue::await_used_packed() noexcept {
    at<std::uint32_t>(available_) = packed::events::all;
    arch::Barriers::full();  // the device sees it before we look, so that one side sees the other
    return !has_used_packed();
}

bool Queue::has_used_packed() const noexcept {
    const auto flags = at<std::uint16_t>(descriptor_at(taken_) + packed::flags);
    return ((flags & packed::flag_available) != 0) == used_wrap_ && ((flags & packed::flag_used) != 0) == used_wrap_;
}

}  // namespace unicore::bus::virtio
