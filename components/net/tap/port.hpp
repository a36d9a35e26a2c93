// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "transfer.hpp"
#include "window.hpp"

#include <unicore/net/device.hpp>
#include <unicore/net/pool.hpp>
#include <unicore/platform/linux/descriptor.hpp>
#include <unicore/platform/linux/watch.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace unicore::net::tap {

/// What a device at a descriptor is, whatever is at its other end.
class Port : public Device {
public:
    std::string_view name() const noexcept final { return {name_, sizeof name_}; }
    const Properties& properties() const noexcept final { return properties_; }
    Link link() const noexcept final { return {.up = !lost_, .megabits = 0}; }
    Statistics statistics() const noexcept final { return statistics_; }
    Result<void> open(Listener& listener) noexcept final;
    void close() noexcept final;
    bool await(unsigned queue, Event event) noexcept final;

protected:
    /// Bytes that are received at a time: what is in the caches of the CPU still, when the user looks at it.
    static constexpr std::size_t longest_burst = 64 * 1024;
    /// And frames that are looked at: who sends what is dropped, without end, does not keep the caller.
    static constexpr unsigned most_reads = 256;
    /// What there is in a packet to send, at most.
    static constexpr std::size_t most_parts = 64;

    Port(unsigned number, platform::linux::Descriptor descriptor, const Properties& properties) noexcept;

    bool usable() const noexcept { return listener_ != nullptr && !lost_; }
    /// One of the calls with vectors, at the descriptor.
    long transfer(platform::linux::Call call, std::span<const platform::linux::IoVector> vectors) const noexcept {
        return tap::transfer(call, descriptor_.number(), vectors);
    }
    /// The other end is gone, or not to be trusted any more: the link is down from now on.
    void lose(std::string_view why, long error) noexcept;

    /// The next received frame is whole, in the window: what becomes of it. None, when that is nothing, and counted.
    Packet received(std::size_t size, const Result<Offload>& offload) noexcept;
    /// Counts a packet that was sent, and ends it.
    void sent(Packet& packet, std::size_t size) noexcept;
    void not_sent(Packet& packet) noexcept;

    Pool pool_;
    Window window_;            ///< of the pool's buffers, so behind it
    bool no_room_ = false;     ///< the last packet was not taken
    bool unfinished_ = false;  ///< the rest of a packet waits for room

private:
    static void arrived(platform::linux::Watch& watch) noexcept;

    platform::linux::Descriptor descriptor_;
    struct Watch : platform::linux::Watch {
        Port* port;
    } watch_;
    Properties properties_;
    Statistics statistics_{};
    Listener* listener_ = nullptr;  ///< while it is open
    bool lost_ = false;
    char name_[4];
};

/// Describes a packet's parts, of which there is room for; returns how many.
std::size_t describe(const Packet& packet, platform::linux::IoVector* into) noexcept;

}  // namespace unicore::net::tap
