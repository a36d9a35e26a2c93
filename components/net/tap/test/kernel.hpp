// SPDX-License-Identifier: BSD-3-Clause
/// The kernel's part of a descriptor: what is at its other end, which does what a test wants.
#pragma once

#include <unicore/net/device.hpp>
#include <unicore/net/pool.hpp>
#include <unicore/platform/linux/descriptor.hpp>
#include <unicore/platform/linux/watch.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <random>
#include <span>
#include <vector>

namespace unicore::test {

using Bytes = std::vector<std::byte>;

class Kernel {
public:
    Kernel();
    Kernel(const Kernel&) = delete;
    ~Kernel();

    /// A descriptor whose other end this is.
    platform::linux::Descriptor descriptor() const { return platform::linux::Descriptor(number_); }

    /// Whether calls move whole frames, as a TAP interface's do, or what there is of a stream.
    bool frames = false;
    std::deque<Bytes> to_read;       ///< frames, or pieces of which none is read in one call with the next
    Bytes written;                   ///< all of it, for a stream
    std::deque<Bytes> frames_written;
    std::size_t room = SIZE_MAX;     ///< bytes that can still be written
    std::size_t most = SIZE_MAX;     ///< bytes that a call moves at most, of a stream
    long when_empty = -11;           ///< what reading says then: EAGAIN
    long write_error = 0;            ///< what writing says, if it is not 0
    bool ended = false;              ///< reading finds the end, when there is nothing more

    /// Whether a watch is armed, and its call.
    bool watched() const { return watch != nullptr; }
    bool for_room() const { return watch->until == platform::linux::Until::readable_or_room; }
    void fire();

    platform::linux::Watch* watch = nullptr;

    long read(std::span<const platform::linux::IoVector> vectors);
    long write(std::span<const platform::linux::IoVector> vectors);
    bool ready(platform::linux::Until until) const;

private:
    long number_;
};

/// The other end of a device's descriptor.
Kernel& kernel_of(int descriptor);

Bytes random_bytes(std::mt19937& random, std::size_t size);

struct Counter final : net::Listener {
    void ready(unsigned) noexcept override { ++calls; }
    void link_changed() noexcept override { ++changes; }
    int calls = 0, changes = 0;
};

/// A packet with these bytes, in parts of as many.
net::Packet packet_of(net::Pool& pool, std::span<const std::byte> bytes, std::size_t part = net::Pool::frame_size);
Bytes bytes_of(const net::Packet& packet);

}  // namespace unicore::test
