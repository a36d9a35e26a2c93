// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "lie.hpp"
#include "names.hpp"

#include <unicore/base/result.hpp>
#include <unicore/net/device.hpp>
#include <unicore/net/packet.hpp>
#include <unicore/net/pool.hpp>
#include <unicore/net/xen/config.hpp>
#include <unicore/xen/grants.hpp>
#include <unicore/xen/ring.hpp>

#include <xen/io/netif.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace unicore::net::xen {

/// A place of the ring of what is received: an answer, or what more there is to say of the one before.
union ReceiveResponse {
    netif_rx_response response;
    netif_extra_info extra;
};

/// A queue's way in: buffers of a page each, which the other end may write until it has answered. Then they are taken
/// away from it, and only then looked at. Context of all: thread.
class Receiver {
public:
    /// Gets the memory of the buffers. Once. Errors: out_of_memory.
    Result<void> open() noexcept;
    bool opened() const noexcept { return pool_.statistics().count != 0; }

    /// Makes the ring. Errors: those of grants::SharedPage.
    Result<void> connect(domid_t peer) noexcept;
    /// Gives it back, and takes away the buffers. One that the other end holds on to stays apart until it does not.
    void disconnect() noexcept;
    grant_ref_t reference() const noexcept { return memory_.reference(); }

    /// The next packet; returns whether there was one. What is damaged, or has no room, is counted and left out.
    /// Errors: device_error for a lie.
    Result<bool> next(Packet& packet, Statistics::Direction& counts) noexcept;
    /// Gives the other end buffers in place of those that were filled; returns whether it wants to be notified of them.
    [[nodiscard]] bool refill() noexcept;
    /// Asks for an event when there is something to receive; returns whether there is already. Errors: device_error.
    Result<bool> more() noexcept { return ring_.more(); }

    const Lie& lie() const noexcept { return lie_; }
    /// Tries to take away what the other end holds on to, though it must not; returns how many buffers are left.
    std::size_t take_held() noexcept;

private:
    using Ring = ring::FrontRing<netif_rx_request, ReceiveResponse>;
    static constexpr std::uint32_t places = ring::entries_in<netif_rx_request, ReceiveResponse>(4096);
    static_assert(places == 256);
    /// Buffers that the other end has at a time; the others are for those who read.
    static constexpr std::uint32_t wanted = std::min<std::uint32_t>(places, config::receive / 4);

    /// What a packet consists of so far.
    struct Assembly {
        Packet packet;
        std::size_t size = 0;
        std::size_t first_size = 0;   ///< of the first part
        unsigned answers = 0;
        std::uint16_t flags = 0;      ///< of the first
        std::uint16_t segment = 0;    ///< bytes of each
        std::uint8_t segments = 0;    ///< XEN_NETIF_GSO_TYPE_…
        bool extra = false;           ///< more is said in the next
        bool more = false;            ///< it goes on then
        bool damaged = false;
    };

    Result<Buffer*> take_away() noexcept;
    Result<void> take_part(const netif_rx_response& response, Packet part) noexcept;
    Result<void> take_extra(const netif_extra_info& extra) noexcept;
    static Result<Offload> offload_of(const Assembly& whole) noexcept;
    bool accept(Statistics::Direction& counts) noexcept;

    Pool pool_;
    domid_t peer_ = DOMID_INVALID;
    grants::SharedPage memory_;
    Ring ring_;
    std::array<grants::Grant, config::receive> grants_{};  ///< by the buffers' numbers
    std::array<Buffer*, places> posted_{};                 ///< by places of the ring
    std::uint32_t put_ = 0, taken_ = 0;                    ///< places, counted on
    Buffer* held_ = nullptr;                               ///< linked by `next`
    std::size_t held_count_ = 0;
    Assembly assembly_;
    Lie lie_;
};

}  // namespace unicore::net::xen
