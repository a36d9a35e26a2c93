// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/result.hpp>
#include <unicore/net/address.hpp>
#include <unicore/net/packet.hpp>
#include <unicore/time/clock.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace unicore::net {

/// What a device is like. It does not change while the device is open.
struct Properties {
    MacAddress address;
    std::uint16_t mtu = 1500;       ///< the most bytes of payload in a frame to send; from 68 on [RFC 791, 3.2]
    std::uint16_t queues = 1;       ///< pairs of one for sending and one for receiving
    std::uint16_t most_parts = 1;   ///< of a packet to send
    bool completes_checksums = false;  ///< packets to send may have a partial checksum
    bool verifies_checksums = false;   ///< packets received may have been verified, or be partial
    bool segments_tcp4 = false;        ///< packets to send may be segments of up to 64 KiB, with a partial checksum
    bool segments_tcp6 = false;
    bool merges_tcp = false;           ///< packets received may be several segments, longer than the MTU
    bool looked_at = false;            ///< it says when (Device::look_at)
};

/// What was counted since the device was opened.
struct Statistics {
    struct Direction {
        std::uint64_t packets;
        std::uint64_t bytes;
        std::uint64_t dropped;  ///< there was no room or no memory
        std::uint64_t errors;   ///< they were damaged, or not what can be sent
    };
    Direction received, sent;
    std::uint64_t interrupts;
};

struct Link {
    bool up;
    std::uint32_t megabits;  ///< per second; 0 when nobody knows
};

/// Whoever uses a device: a network stack, or an application that forwards.
class Listener {
public:
    /// What `await` waited for has come to `queue`. Wakes somebody. Context: any, interrupt handlers included.
    virtual void ready(unsigned queue) noexcept = 0;
    /// Context: any, interrupt handlers included.
    virtual void link_changed() noexcept = 0;

protected:
    ~Listener() = default;
};

/// Something that packets are sent to and received from, a frame of Ethernet each. A global of its driver's, and there
/// as long as the image.
///
/// Context of all functions: thread, one at a time for each queue; those without a queue, while no other runs. None
/// of them waits. Packets that are sent are the device's until they are on the wire, and end then: in any later call.
class Device {
public:
    /// For messages, and for settings that name a device: of its driver and a number, from 0 on.
    virtual std::string_view name() const noexcept = 0;
    virtual const Properties& properties() const noexcept = 0;
    virtual Link link() const noexcept = 0;
    virtual Statistics statistics() const noexcept = 0;

    /// Begins to receive. Errors: busy when it is open; device_error; out_of_memory.
    virtual Result<void> open(Listener& listener) noexcept = 0;
    /// Ends all: nothing is received any more, what was not sent yet may be lost, and its packets end. Does nothing
    /// when it is not open.
    virtual void close() noexcept = 0;

    /// Takes packets off the front of `burst`, as many as there is room for now, and returns how many. Those that can
    /// not be sent, being empty, too long or in too many parts, are taken, end and are counted as errors.
    virtual std::size_t send(unsigned queue, std::span<Packet> burst) noexcept = 0;
    /// Fills the front of `into` with what was received, and returns how many packets. No part of them is empty, and
    /// the headers of Ethernet are in the first.
    virtual std::size_t receive(unsigned queue, std::span<Packet> into) noexcept = 0;
    /// Ends packets that were sent, as `send` and `receive` do by the way: for who waits for their memory.
    virtual void reclaim(unsigned queue) noexcept = 0;

    /// What `await` can wait for.
    enum class Event : std::uint8_t {
        received,       ///< a packet to receive
        received_or_room,  ///< or room for a packet to send, when there was none
    };
    /// Has the listener called when that comes, once; then the device is quiet until it is asked again, so that who is
    /// busy is not interrupted. Returns false, and calls nobody, when it is there already.
    virtual bool await(unsigned queue, Event event) noexcept = 0;
    /// When something comes that nobody is called for, or may: at that moment, who waits looks again. A device that
    /// never interrupts says so here, and in its properties.
    virtual time::Instant look_at() const noexcept { return time::never; }

    Device* next = nullptr;  ///< in the list of devices, which `add` fills in the boot steps and nothing changes after

protected:
    ~Device() = default;
};

/// Adds a device behind those that there are. Called from its driver's boot step.
void add(Device& device) noexcept;

/// The first of the devices, or null. Context: any.
Device* first_device() noexcept;

/// The device of this name, or null. Context: any.
Device* find_device(std::string_view name) noexcept;

}  // namespace unicore::net
