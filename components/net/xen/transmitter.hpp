// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "lie.hpp"
#include "names.hpp"

#include <unicore/base/result.hpp>
#include <unicore/net/device.hpp>
#include <unicore/net/packet.hpp>
#include <unicore/net/xen/config.hpp>
#include <unicore/xen/grants.hpp>
#include <unicore/xen/ring.hpp>

#include <xen/io/netif.h>

#include <array>
#include <cstddef>
#include <cstdint>

namespace unicore::net::xen {

/// A place of the ring for what is sent: a request, or what more there is to say of the one before.
union TransmitRequest {
    netif_tx_request request;
    netif_extra_info extra;
};

/// A queue's way out. What is sent is copied into pages that the other end may read, and never anything else: it gets
/// to see no byte that was not sent, and may hold on to them as long as it likes. Context of all: thread.
class Transmitter {
public:
    /// Parts of a packet: it is copied, so this is but a bound, with room for the segments of 64 KiB.
    static constexpr std::size_t most_parts = 128;
    /// Bytes of a packet. [Xen, io/netif.h, XEN_NETIF_MAX_TX_SIZE]
    static constexpr std::size_t largest = XEN_NETIF_MAX_TX_SIZE;

    /// Makes ring and pages. Errors: those of grants::SharedPage.
    Result<void> connect(domid_t peer) noexcept;
    /// Gives them back. What the other end still has is put aside by xen.grants.
    void disconnect() noexcept;
    grant_ref_t reference() const noexcept { return memory_.reference(); }

    enum class Outcome : std::uint8_t { sent, refused, no_room };
    /// Copies a packet and asks for it to be sent; `properties` are the device's. The other end sees it at `publish`.
    Outcome put(const Packet& packet, const Properties& properties) noexcept;
    /// Returns whether the other end wants to be notified.
    [[nodiscard]] bool publish() noexcept { return ring_.publish(); }
    /// Looks at what was sent; returns how many packets the other end did not send. Errors: device_error for a lie.
    Result<std::uint32_t> reclaim() noexcept;
    /// Asks for an event when there is more room: when half of what is on its way has been sent. Returns whether there
    /// are answers to be looked at now. Errors: device_error for a lie.
    Result<bool> more() noexcept { return ring_.more((ring_.outstanding() + 1) / 2); }

    const Lie& lie() const noexcept { return lie_; }

private:
    static constexpr std::size_t pages = config::transmit;
    /// What a page is in use for.
    enum class Use : std::uint8_t { none, first, more };

    void copy(const Packet& packet) noexcept;
    bool describe(const Packet& packet, std::size_t size, const Properties& properties, netif_tx_request& first,
                  netif_extra_info& extra) noexcept;
    std::byte* page(std::size_t place) const noexcept { return pages_[free_[place]].bytes().data(); }

    grants::SharedPage memory_;
    ring::FrontRing<TransmitRequest, netif_tx_response> ring_;
    std::array<grants::SharedPage, pages> pages_{};  ///< a request's id is its page's number
    std::array<Use, pages> uses_{};
    std::array<std::uint16_t, pages> free_{};  ///< the numbers of those that are not in use
    std::size_t free_count_ = 0;
    std::uint32_t extras_ = 0;  ///< on their way
    Lie lie_;
};

}  // namespace unicore::net::xen
