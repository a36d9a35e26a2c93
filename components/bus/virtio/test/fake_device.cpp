// SPDX-License-Identifier: BSD-3-Clause
#include "fake_device.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

namespace unicore::test {
using bus::virtio::Register;

void FakeQueue::move(std::uint16_t& position, bool& wrap, unsigned by, std::uint16_t size) {
    const unsigned next = position + by;
    position = static_cast<std::uint16_t>(next % size);
    wrap ^= next >= size;
}

std::optional<FakeQueue::Request> FakeQueue::next_packed() {
    Request request{};
    for (unsigned parts = 0;; ++parts) {
        const std::uint64_t descriptor = layout_.descriptors + 16U * seen_;
        const std::uint16_t now = flags(seen_);
        if (((now & 0x80) != 0) != wrap_ || ((now & 0x8000) != 0) == wrap_) {
            REQUIRE(parts == 0);  // all of a request is there at once
            return std::nullopt;
        }
        REQUIRE((now & ~0x8083U) == 0);
        REQUIRE(parts < size_);
        auto& list = (now & 2) != 0 ? request.to_write : request.to_read;
        if ((now & 2) == 0) REQUIRE(request.to_write.empty());
        list.emplace_back(&at<std::byte>(at<std::uint64_t>(descriptor)), at<std::uint32_t>(descriptor + 8));
        request.id = at<std::uint16_t>(descriptor + 12);
        move(seen_, wrap_, 1, size_);
        if ((now & 1) == 0) {
            parts_[request.id] = parts + 1;
            return request;
        }
    }
}

std::optional<FakeQueue::Request> FakeQueue::next() {
    if (packed_) return next_packed();
    if (at<std::uint16_t>(layout_.available + 2) == seen_) return std::nullopt;
    Request request{at<std::uint16_t>(layout_.available + 4 + 2U * (seen_++ % size_)), {}, {}};
    for (std::uint32_t index = request.id, parts = 0;; ++parts) {
        REQUIRE(index < size_);
        REQUIRE(parts < size_);
        const std::uint64_t descriptor = layout_.descriptors + 16U * index;
        const std::uint16_t flags = at<std::uint16_t>(descriptor + 12);
        REQUIRE((flags & ~3U) == 0);
        auto& list = (flags & 2) != 0 ? request.to_write : request.to_read;
        if ((flags & 2) == 0) REQUIRE(request.to_write.empty());
        list.emplace_back(&at<std::byte>(at<std::uint64_t>(descriptor)), at<std::uint32_t>(descriptor + 8));
        if ((flags & 1) == 0) return request;
        index = at<std::uint16_t>(descriptor + 14);
    }
}

void FakeQueue::finish(std::uint32_t id, std::uint32_t written) {
    if (packed_) {
        const std::uint64_t descriptor = layout_.descriptors + 16U * finished_;
        at<std::uint16_t>(descriptor + 12) = static_cast<std::uint16_t>(id);
        at<std::uint32_t>(descriptor + 8) = written;
        flags(finished_) = finished_wrap_ ? 0x8080 : 0;
        move(finished_, finished_wrap_, std::max(parts_[id], 1U), size_);
        return;
    }
    used_id(used_index()) = id;
    used_length(used_index()) = written;
    ++used_index();
}

std::uint32_t FakeDevice::read(Register which) const noexcept {
    if (const auto lie = lies.find(which); lie != lies.end()) return lie->second;
    switch (which) {
        case Register::device_features:
            return static_cast<std::uint32_t>(offers >> 32 * written_.at(Register::device_features_select));
        case Register::queue_num_max: return selected() < count ? limit : 0;
        case Register::queue_ready: REQUIRE(!legacy); return queues.contains(selected());
        case Register::queue_pfn: REQUIRE(legacy); return queues.contains(selected());
        case Register::config_generation: REQUIRE(!legacy); return generation;
        case Register::status: return status;
        default: FAIL("a register that cannot be read: " << static_cast<std::uint32_t>(which)); return 0;
    }
}

std::uint32_t FakeDevice::read_config(std::uint32_t offset, unsigned width) const noexcept {
    REQUIRE((width == 1 || width == 2 || width == 4));
    REQUIRE(offset % width == 0);
    REQUIRE(offset + width <= config.size());
    std::uint32_t value = 0;
    for (unsigned i = width; i != 0; --i) value = value << 8 | config[offset + i - 1];
    if (config_read) config_read();
    return value;
}

std::uint16_t FakeDevice::selected() const noexcept {
    return static_cast<std::uint16_t>(written_.at(Register::queue_select));
}

void FakeDevice::emplace(bus::virtio::Queue::Layout layout, std::uint16_t size) noexcept {
    const bool packed = (accepted & bus::virtio::feature_bits::ring_packed) != 0;
    queues.insert_or_assign(selected(), FakeQueue(layout, size, packed ? bus::virtio::Rings::packed : bus::virtio::Rings::split));
}

bool FakeDevice::take_message(Register which, std::uint16_t message) noexcept {
    if (!takes_messages) return false;
    if (which == Register::queue_vector) queue_messages[selected()] = message;
    else messages[which] = message;
    return true;
}

std::uint64_t FakeDevice::address(Register low, Register high) const noexcept {
    return written_.at(low) | std::uint64_t{written_.at(high)} << 32;
}

void FakeDevice::write(Register which, std::uint32_t value) noexcept {
    written_[which] = value;
    switch (which) {
        case Register::status:
            statuses.push_back(value);
            if (value != 0 || resets) status = value;
            if (value == 0) queues.clear();
            if (!agrees) status &= ~bus::virtio::status_bits::features_ok;
            break;
        case Register::driver_features: {
            const std::uint32_t shift = 32 * written_.at(Register::driver_features_select);
            accepted = (accepted & ~(std::uint64_t{UINT32_MAX} << shift)) | std::uint64_t{value} << shift;
            break;
        }
        case Register::queue_pfn: {
            REQUIRE(legacy);
            REQUIRE(written_.at(Register::guest_page_size) == 4096);
            REQUIRE(written_.at(Register::queue_align) == 4096);
            const std::uint32_t size = written_.at(Register::queue_num);
            const std::uint64_t base = std::uint64_t{value} * 4096;
            const std::uint64_t used = (base + 18U * size + 6 + 4095) & ~std::uint64_t{4095};  // [2.7.2]
            emplace({base, base + 16U * size, used}, static_cast<std::uint16_t>(size));
            break;
        }
        case Register::queue_ready:
            REQUIRE(!legacy);
            REQUIRE((status & bus::virtio::status_bits::features_ok) != 0);
            emplace({address(Register::queue_descriptor_low, Register::queue_descriptor_high),
                     address(Register::queue_driver_low, Register::queue_driver_high),
                     address(Register::queue_device_low, Register::queue_device_high)},
                    static_cast<std::uint16_t>(written_.at(Register::queue_num)));
            break;
        case Register::queue_notify:
            REQUIRE((status & bus::virtio::status_bits::driver_ok) != 0);
            ++notifications;
            if (notified && has_queue()) notified(queue());
            if (rung) rung(static_cast<std::uint16_t>(value));
            break;
        default: break;
    }
}

}  // namespace unicore::test
