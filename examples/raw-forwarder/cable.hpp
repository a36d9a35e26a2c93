// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/text.hpp>
#include <unicore/net/device.hpp>
#include <unicore/net/packet.hpp>

#include <array>
#include <cstddef>
#include <cstdint>

/// One direction: what comes in at a device goes out at another. Both are open.
///
/// There is no queue but the devices' own. What the other has no room for stays here, one burst, and nothing more is
/// received until it is taken; so what is too much is lost before it has cost anything, where it comes in.
class Cable {
public:
    Cable(unicore::net::Device& from, unicore::net::Device& to) noexcept : from_(from), to_(to) {}

    /// Moves a burst, or what is left of one; whether anything was moved.
    bool turn() noexcept;
    /// Whether it waits for room.
    bool waits() const noexcept { return begin_ != end_; }
    /// Drops what waits for room.
    void drop() noexcept;

    /// Writes what it cannot move, if there is anything.
    void warn() const noexcept;
    /// What was counted: received = sent + filtered + unsuitable + undelivered, when nothing waits.
    void count(unicore::text::Line& line) const noexcept;

private:
    /// Whether the other device can do what is to be done about the packet yet.
    bool suits(const unicore::net::Offload& offload) const noexcept;
    void receive() noexcept;

    unicore::net::Device& from_;
    unicore::net::Device& to_;
    std::array<unicore::net::Packet, 32> burst_;
    std::size_t begin_ = 0, end_ = 0;
    std::uint64_t filtered_ = 0, unsuitable_ = 0, undelivered_ = 0;
};
