// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/result.hpp>
#include <unicore/bus/virtio/queue.hpp>
#include <unicore/memory/pages.hpp>
#include <unicore/net/device.hpp>
#include <unicore/net/packet.hpp>
#include <unicore/net/virtio/header.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace unicore::net::virtio {

/// The most parts of a packet to send.
inline constexpr std::size_t most_parts = 64;

/// Packets on their way to the device. Each has a header in the room in front of it, or, without any, one in memory of ours.
/// Context of all of it: thread.
class Sender {
public:
    /// Gets memory for a queue of `size`, once; and the queue, each time the device is opened anew.
    /// Errors: out_of_memory.
    Result<void> open(std::uint16_t size, std::size_t header_size, bus::virtio::Rings rings) noexcept;

    /// Takes packets off the front of `burst` while there is room; returns how many. Errors: device_error, and the queue
    /// is broken: packets that were taken are the device's until the reset, the others the caller's.
    Result<std::size_t> send(std::span<Packet> burst, const Properties& properties,
                             Statistics::Direction& statistics) noexcept;
    /// Ends packets that were sent. Errors: device_error, as above.
    Result<void> reclaim() noexcept;
    /// Whether the last packet was not taken.
    bool full() const noexcept { return full_; }

    /// The device was reset: all packets end, and the queue.
    void close() noexcept;

    bus::virtio::Queue& queue() noexcept { return queue_; }

private:
    /// As it is in memory; the device reads the first `header_size_` bytes.
    struct DeviceHeader {
        Header header;
        std::uint16_t num_buffers;  // 0 [5.1.6.2.1]
        std::uint32_t unused;
    };

    memory::pages::Pages memory_;
    DeviceHeader* headers_ = nullptr;          ///< by their requests, as the next two
    Buffer** packets_ = nullptr;               ///< null: there is no such request
    bus::virtio::Slot* slots_ = nullptr;
    std::uint16_t size_ = 0;
    std::size_t header_size_ = 0;
    bus::virtio::Queue queue_;
    bool full_ = false;
};

}  // namespace unicore::net::virtio
