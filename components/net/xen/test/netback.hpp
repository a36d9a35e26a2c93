// SPDX-License-Identifier: BSD-3-Clause
/// A back-end as Linux has one, in a domain of the simulated hypervisor.
#pragma once

#include "../names.hpp"
#include "../receiver.hpp"
#include "../transmitter.hpp"

#include <unicore/sched.hpp>
#include <unicore/xen/bus/device.hpp>
#include <unicore/xen/events.hpp>
#include <unicore/xen/grants/mapping.hpp>

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace unicore::test {

namespace bus = xen::bus;

/// A packet as the rings have it.
struct RingPacket {
    std::string bytes;
    bool validated = false;
    bool blank = false;
    std::optional<netif_extra_info> extra{};
    std::size_t slots = 0;  ///< requests for data that it came in
};

/// One answer to a request for a packet, whatever it says.
struct Answer {
    std::uint16_t flags = 0;
    std::string bytes{};
    std::uint16_t offset = 0;
    std::optional<std::int16_t> status{};  ///< else the number of bytes
    std::optional<std::uint16_t> id{};     ///< else the request's
    std::optional<netif_extra_info> extra{};  ///< in place of an answer
};

class Netback final : bus::Driver {
public:
    using Values = std::map<std::string, std::string>;
    /// What Linux offers.
    static Values usual();

    struct Queue {
        xen::grants::Mapping transmit_page, receive_page;
        xen::ring::BackRing<net::xen::TransmitRequest, netif_tx_response> transmit;
        xen::ring::BackRing<netif_rx_request, net::xen::ReceiveResponse> receive;
        xen::events::EventChannel channels[2];
        std::deque<RingPacket> waiting{};  ///< for room

        xen::events::EventChannel& receive_channel() { return channels[channels[1].port() != 0]; }
    };

    Netback(unsigned front, const Values& values);

    Result<void> start() noexcept { return device_.start(); }
    void close() noexcept { device_.close(); }
    /// Offers something else, from the next start on.
    void offer(const std::string& name, const std::string& value) { values_[name] = value; }
    bus::Device& device() noexcept { return device_; }
    bool attached() const noexcept { return device_.attached(); }
    std::vector<Queue>& queues() noexcept { return queues_; }
    unsigned events() const noexcept { return events_; }
    sched::WaitQueue& waiters() noexcept { return waiters_; }
    /// Whether an event came since it was last asked.
    bool take_event() noexcept { return std::exchange(event_, false); }

    /// The packets that the front-end sends, each answered with `status`; from as many requests as there are now.
    std::vector<RingPacket> take(std::size_t queue = 0, std::int16_t status = NETIF_RSP_OKAY);
    /// Gives the front-end a packet, in pages that are filled as far as `page`; false when there are too few requests.
    bool give(const RingPacket& packet, std::size_t queue = 0, std::size_t page = 4096);
    /// The same, as it is written here; without a notification when `quiet`.
    bool answer(const std::vector<Answer>& answers, std::size_t queue = 0, bool quiet = false);
    /// Gives back what comes, as long as something comes; what has no room waits.
    void echo();
    std::uint32_t requests(std::size_t queue = 0);

    Values front;  ///< what the front-end said when it connected

private:
    Result<void> prepare(bus::Device& device) noexcept override;
    Result<void> attach(bus::Device& device) noexcept override;
    void detach(bus::Device& device) noexcept override;
    Result<void> map(Queue& queue, const std::string& folder);

    Values values_;
    std::vector<Queue> queues_;
    std::vector<std::deque<netif_rx_request>> taken_;  ///< and not answered yet, of each queue
    sched::WaitQueue waiters_;
    volatile bool event_ = false;
    unsigned events_ = 0;
    bus::Device device_;
};

/// Copies between a domain and its peer's granted pages, as Xen does for back-ends.
void copy_from(domid_t peer, grant_ref_t reference, std::size_t offset, char* to, std::size_t size);
bool copy_to(domid_t peer, grant_ref_t reference, std::size_t offset, const char* from, std::size_t size);

}  // namespace unicore::test
