// SPDX-License-Identifier: BSD-3-Clause
/// A device behind its registers as VIRTIO 1.2 has it, seen from the other side; and memory.pages for it.
#pragma once

#include <unicore/bus/virtio/device.hpp>
#include <unicore/bus/virtio/queue.hpp>
#include <unicore/bus/virtio/register_device.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace unicore::test {

extern std::size_t taken_pages, pages_left;
extern bool out_of_reach;  ///< of legacy devices: pages that are taken from now on

/// The device's end of a queue. It looks at nothing but the queue's memory.
class FakeQueue {
public:
    /// A request, as its descriptors have it.
    struct Request {
        std::uint32_t id;
        std::vector<std::span<std::byte>> to_read, to_write;
    };

    FakeQueue(bus::virtio::Queue::Layout layout, std::uint16_t size, bus::virtio::Rings rings = bus::virtio::Rings::split)
        : layout_(layout), size_(size), packed_(rings == bus::virtio::Rings::packed) {}

    /// The next one that the driver made available.
    std::optional<Request> next();
    void finish(std::uint32_t id, std::uint32_t written);
    /// How many parts one has that is finished without `next`.
    void know(std::uint32_t id, std::size_t parts) { parts_[id] = static_cast<unsigned>(parts); }

    /// Of a packed queue: what each side wants to be told. [2.8.14]
    std::uint32_t driver_events() const { return at<std::uint32_t>(layout_.available); }
    std::uint32_t& device_events() const { return at<std::uint32_t>(layout_.used); }
    std::uint16_t& flags(std::uint16_t index) const { return at<std::uint16_t>(layout_.descriptors + 16U * index + 14); }

    /// Of a split queue.
    std::uint16_t& used_index() const { return at<std::uint16_t>(layout_.used + 2); }
    std::uint16_t& used_flags() const { return at<std::uint16_t>(layout_.used); }
    std::uint16_t available_flags() const { return at<std::uint16_t>(layout_.available); }
    std::uint16_t used_event() const { return at<std::uint16_t>(layout_.available + 4 + 2U * size_); }
    std::uint16_t& avail_event() const { return at<std::uint16_t>(layout_.used + 4 + 8U * size_); }
    std::uint32_t& used_id(std::uint16_t index) const {
        return at<std::uint32_t>(layout_.used + 4 + 8U * (index % size_));
    }
    std::uint32_t& used_length(std::uint16_t index) const {
        return at<std::uint32_t>(layout_.used + 8 + 8U * (index % size_));
    }
    /// What the device may write, and all of the queue's memory.
    std::span<std::byte> used_ring() const {
        if (packed_) return {&at<std::byte>(layout_.descriptors), 16U * size_};
        return {&at<std::byte>(layout_.used), 6U + 8U * size_};
    }
    std::span<std::byte> everything() const {
        return {&at<std::byte>(layout_.descriptors),
                static_cast<std::size_t>(layout_.used - layout_.descriptors) + (packed_ ? 4U : 6U + 8U * size_)};
    }

private:
    template <typename T>
    static T& at(std::uint64_t address) {
        return *reinterpret_cast<T*>(address);
    }

    std::optional<Request> next_packed();
    static void move(std::uint16_t& position, bool& wrap, unsigned by, std::uint16_t size);

    bus::virtio::Queue::Layout layout_;
    std::uint16_t size_;
    bool packed_;
    std::uint16_t seen_ = 0;  ///< requests, or of a packed queue where the next descriptor is
    bool wrap_ = true;
    std::uint16_t finished_ = 0;  ///< of a packed queue: where the next used descriptor goes
    bool finished_wrap_ = true;
    std::map<std::uint32_t, unsigned> parts_;  ///< descriptors of requests
};

/// A device with one queue, or as many as `count`. What it does is public, to be changed by tests.
struct FakeDevice {
    struct Registers {
        struct Bell {
            FakeDevice* device;
            std::uint16_t queue;
            void ring() const noexcept { device->write(bus::virtio::Register::queue_notify, queue); }
        };

        FakeDevice* device;
        std::uint32_t read(bus::virtio::Register which) const noexcept { return device->read(which); }
        void write(bus::virtio::Register which, std::uint32_t value) const noexcept { device->write(which, value); }
        Result<Bell> bell(std::uint16_t index) const noexcept {
            if (!device->has_bells) return unexpected(Error::device_error);
            return Bell{device, index};
        }
        std::uintptr_t base() const noexcept { return 0; }
        std::optional<std::uint16_t> pci_function() const noexcept { return std::nullopt; }
        bool set_message(bus::virtio::Register which, std::uint16_t message) const noexcept {
            return device->take_message(which, message);
        }
        std::uint32_t take_interrupts() const noexcept { return std::exchange(device->interrupts, 0); }
        std::uint32_t config_size() const noexcept { return static_cast<std::uint32_t>(device->config.size()); }
        std::uint32_t read_config(std::uint32_t offset, unsigned width) const noexcept {
            return device->read_config(offset, width);
        }
    };
    using Transport = bus::virtio::RegisterDevice<Registers>;

    Transport transport() { return {Registers{this}, bus::virtio::DeviceId::entropy, legacy}; }

    bool legacy = false;
    std::uint64_t offers = bus::virtio::feature_bits::version_1 | 0x7;
    bool agrees = true;    ///< leaves FEATURES_OK set
    bool resets = true;    ///< status reads as 0 after a reset
    bool has_bells = true;
    bool takes_messages = false;
    std::uint32_t limit = 8;
    std::uint16_t count = 1;
    std::vector<std::uint8_t> config;
    std::uint32_t generation = 0;
    std::function<void()> config_read;  ///< what it does at every look at its configuration
    std::map<bus::virtio::Register, std::uint32_t> lies;  ///< what these registers read as
    std::function<void(FakeQueue&)> notified;             ///< what it does then, of queue 0
    std::function<void(std::uint16_t)> rung;              ///< of any

    std::uint64_t accepted = 0;
    std::uint32_t status = 0;
    std::uint32_t interrupts = 0;
    std::vector<std::uint32_t> statuses;  ///< all that were written
    std::map<bus::virtio::Register, std::uint16_t> messages;
    unsigned notifications = 0;
    std::map<std::uint16_t, FakeQueue> queues;
    std::map<std::uint16_t, std::uint16_t> queue_messages;

    bool has_queue() const { return queues.contains(0); }
    FakeQueue& queue(std::uint16_t index = 0) { return queues.at(index); }

private:
    std::uint32_t read(bus::virtio::Register which) const noexcept;
    std::uint32_t read_config(std::uint32_t offset, unsigned width) const noexcept;
    void write(bus::virtio::Register which, std::uint32_t value) noexcept;
    bool take_message(bus::virtio::Register which, std::uint16_t message) noexcept;
    void emplace(bus::virtio::Queue::Layout layout, std::uint16_t size) noexcept;
    std::uint16_t selected() const noexcept;
    std::uint64_t address(bus::virtio::Register low, bus::virtio::Register high) const noexcept;

    std::map<bus::virtio::Register, std::uint32_t> written_;
};

}  // namespace unicore::test
