// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/result.hpp>
#include <unicore/bus/virtio/queue.hpp>
#include <unicore/memory/pages.hpp>
#include <unicore/net/device.hpp>
#include <unicore/net/packet.hpp>
#include <unicore/net/pool.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace unicore::net::virtio {

/// Buffers that the device fills, and that become packets. Context of all of it: thread.
class Receiver {
public:
    struct Rules {
        std::size_t header_size;
        bool mergeable;  ///< a packet may be in several buffers
        bool offloads;   ///< what the header says of checksums and segments counts
        bus::virtio::Rings rings;
    };

    /// In front of what the device writes: puts IP's header, behind those of virtio and Ethernet, at a multiple of 8.
    static constexpr std::size_t room_in_front(std::size_t header_size) noexcept {
        return (8 - (header_size + ethernet_header_size) % 8) % 8;
    }
    /// Bytes of a frame that a buffer has room for.
    static constexpr std::size_t longest(std::size_t header_size) noexcept {
        return Pool::frame_size - room_in_front(header_size) - header_size;
    }

    /// Gets `buffers` buffers and memory for a queue of `size`, once; and the queue, each time the device is opened
    /// anew. Errors: out_of_memory.
    Result<void> open(std::uint16_t size, std::size_t buffers, const Rules& rules) noexcept;

    /// Gives the device buffers: 64 at first, which a frame of 64 KiB needs, and while it fills them faster than they come
    /// back up to all that there are and that it has room for. Errors: device_error, and the queue is broken: what the
    /// device has stays there until the reset.
    Result<void> fill() noexcept;
    bool filled() const noexcept { return given() >= most_given_; }
    /// Fills the front of `into` with packets; returns how many. Errors: device_error, as above.
    Result<std::size_t> receive(std::span<Packet> into, Statistics::Direction& statistics) noexcept;

    /// The device was reset: its buffers are ours again, and the queue ends.
    void close() noexcept;

    bus::virtio::Queue& queue() noexcept { return queue_; }

private:
    std::size_t given() const noexcept { return static_cast<std::size_t>(size_ - queue_.free_count()); }
    Result<Packet> next(Statistics::Direction& statistics) noexcept;
    /// The first finished buffer, of so many bytes; null when there is none.
    Result<Buffer*> take() noexcept;

    Pool pool_;
    memory::pages::Pages memory_;
    Buffer** buffers_ = nullptr;  ///< by their requests; null: there is no such request
    bus::virtio::Slot* slots_ = nullptr;
    std::uint16_t size_ = 0;
    std::size_t most_given_ = 0;
    Rules rules_{};
    bus::virtio::Queue queue_;
    bool failed_ = false;
};

}  // namespace unicore::net::virtio
