// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "ring.hpp"

#include <unicore/base/result.hpp>
#include <unicore/memory/pages.hpp>
#include <unicore/net/device.hpp>
#include <unicore/net/packet.hpp>
#include <unicore/net/pool.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace unicore::net::e1000 {

/// Buffers that the device fills, one for each packet. Context of all of it: thread.
class Receiver {
public:
    /// In front of what the device writes: puts IP's header at a multiple of 8.
    static constexpr std::size_t room_in_front = (8 - ethernet_header_size % 8) % 8;
    /// The most that the device writes: it is not told to take longer frames (RCTL.LPE). [10.2.5.1]
    static constexpr std::size_t longest = 1522;
    static_assert(room_in_front + longest <= Pool::frame_size);

    /// Gets memory for `size` descriptors and `buffers` buffers, once; and begins anew. Errors: out_of_memory.
    Result<void> open(std::uint16_t size, std::size_t buffers) noexcept;

    /// Gives the device what buffers there are, when that is worth it; whether it did, and is to be told of `tail`.
    bool fill() noexcept;
    std::uint16_t tail() const noexcept { return ring_.next(next_, given_); }
    /// Whether the next packet is there.
    bool ready() const noexcept {
        return given_ != 0 && (ring_.at<std::uint8_t>(next_, received::status) & received::dd) != 0;
    }
    /// Fills the front of `into` with packets; returns how many. Errors: device_error when the device said what cannot
    /// be: then it has its buffers until it is reset.
    Result<std::size_t> receive(std::span<Packet> into, Statistics::Direction& statistics) noexcept;

    /// The device was reset: its buffers are ours again.
    void close() noexcept;

    const Ring& ring() const noexcept { return ring_; }

private:
    Result<Packet> take(Statistics::Direction& statistics) noexcept;

    Pool pool_;
    Ring ring_;
    memory::pages::Pages memory_;
    Buffer** buffers_ = nullptr;  ///< by their descriptors; null: the device does not have that one
    std::uint16_t next_ = 0;      ///< the descriptor that is finished next
    std::uint16_t given_ = 0;     ///< how many the device has, from there on; one less than there are at most
    bool failed_ = false;
};

}  // namespace unicore::net::e1000
