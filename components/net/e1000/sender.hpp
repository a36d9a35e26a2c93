// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "offload.hpp"
#include "ring.hpp"

#include <unicore/base/result.hpp>
#include <unicore/memory/pages.hpp>
#include <unicore/net/device.hpp>
#include <unicore/net/packet.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace unicore::net::e1000 {

/// Packets on their way to the device. Context of all of it: thread.
class Sender {
public:
    /// Bytes that a descriptor tells of: a page, and far less than a device's buffer has room for.
    static constexpr std::size_t most_bytes = 4096;
    /// The most parts of a packet. With the pages that a packet of 64 KiB goes over, and its headers, that is below
    /// 60 descriptors; QEMU 7.2 drops packets of more than 64.
    static constexpr std::size_t most_parts = 40;
    static constexpr std::uint16_t smallest_ring = 64;
    static_assert(most_parts + (longest_frame + most_bytes - 1) / most_bytes + 3 < smallest_ring);

    /// Gets memory for `size` descriptors, once; and begins anew. Errors: out_of_memory.
    Result<void> open(std::uint16_t size) noexcept;

    /// Takes packets off the front of `burst` while there is room; returns how many. The device is to be told when
    /// `tail` is another one then.
    std::size_t send(std::span<Packet> burst, const Properties& properties, Statistics::Direction& statistics) noexcept;
    /// Ends packets that were sent.
    void reclaim() noexcept;
    /// Whether the last packet was not taken.
    bool full() const noexcept { return full_; }
    /// Whether a packet was sent and has not ended yet.
    bool ready() const noexcept { return used_ != 0 && done(oldest_, slots_[oldest_].count); }
    std::uint16_t tail() const noexcept { return ring_.next(oldest_, used_); }

    /// The device was reset: all packets end.
    void close() noexcept;

    const Ring& ring() const noexcept { return ring_; }

private:
    /// A packet, where its first descriptor is.
    struct Slot {
        Buffer* packet;
        std::uint16_t count;  ///< of descriptors
    };

    /// It reports when it is done with the last of them.
    bool done(std::uint16_t first, std::uint16_t count) const noexcept {
        return (ring_.at<std::uint8_t>(ring_.next(first, count - 1U), to_send::status) & to_send::dd) != 0;
    }
    unsigned free() const noexcept { return ring_.size() - 1U - used_; }
    std::byte* headers_at(std::uint16_t index) const noexcept { return ring_.behind() + index / 2 * most_headers; }
    std::byte* padding() const noexcept { return headers_at(ring_.size()); }
    /// Descriptors for the packet; all of them are free.
    std::uint16_t put(const Packet& packet, std::size_t size, const Plan& plan) noexcept;

    Ring ring_;
    memory::pages::Pages memory_;
    Slot* slots_ = nullptr;
    std::uint16_t oldest_ = 0, used_ = 0;
    Context context_{};  ///< what the device keeps
    bool full_ = false;
};

}  // namespace unicore::net::e1000
