// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/result.hpp>
#include <unicore/net/device.hpp>
#include <unicore/net/packet.hpp>
#include <unicore/sched/work.hpp>
#include <unicore/time/clock.hpp>

#include <lwip/netif.h>

#include <array>
#include <cstddef>

namespace unicore::netstack::lwip {

/// A network device as lwIP's interface. Context of all but `ready` and `link_changed`: thread, with the lock.
class Interface final : public net::Listener {
public:
    /// `work` moves its packets.
    Interface(net::Device& device, sched::Work& work) noexcept : device_(device), work_(work) {}
    Interface(const Interface&) = delete;
    Interface& operator=(const Interface&) = delete;

    /// Opens the device and adds the interface; addresses are configured by others. Errors: those of the device.
    Result<void> open() noexcept;

    /// Hands a burst of packets to lwIP; returns whether there may be more.
    bool receive() noexcept;
    /// Hands to lwIP what it has sent to the interface's own addresses.
    void receive_own() noexcept;
    bool has_own() const noexcept { return netif_.loop_first != nullptr; }
    /// Hands to the device what lwIP sends, as much as it takes; returns whether that was all.
    bool flush() noexcept { return sending_count_ == 0 || flush_some(); }
    /// Has the work woken when there is something to do; false when there is already.
    bool await() noexcept;
    time::Instant look_at() const noexcept { return device_.look_at(); }

    void ready(unsigned) noexcept override { work_.wake(); }
    void link_changed() noexcept override { work_.wake(); }

    net::Device& device() const noexcept { return device_; }
    struct netif& netif() noexcept { return netif_; }

private:
    static err_t prepare(struct netif* interface) noexcept;
    static err_t output(struct netif* interface, pbuf* frame) noexcept;
    void input(net::Packet packet) noexcept;
    /// Calls `function`, in which lwIP looks at no sums of TCP and UDP.
    template <typename Function>
    void trusting(Function function) noexcept;
    void look_at_link() noexcept;
    bool flush_some() noexcept;
    err_t send(pbuf& frame) noexcept;

    static constexpr std::size_t burst = 32;

    net::Device& device_;
    sched::Work& work_;
    struct netif netif_ {};
    std::array<net::Packet, burst> receiving_;    ///< empty but in `receive`: not to be made and ended each time
    std::array<net::Packet, 2 * burst> sending_;  ///< what lwIP sends, until the device takes it
    std::size_t sending_count_ = 0;
};

}  // namespace unicore::netstack::lwip
