// SPDX-License-Identifier: BSD-3-Clause
/// The connection: moves bytes between requests and the two rings of the shared page.
#pragma once

#include <unicore/sched.hpp>
#include <unicore/xen/store/request.hpp>
#include <unicore/xen/store/watch.hpp>

#include "event.hpp"

#include <boost/intrusive/list.hpp>
#include <xen/event_channel.h>
#include <cstdint>  // xs_wire.h wants it
#include <xen/io/xs_wire.h>

#include <cstddef>
#include <span>

namespace unicore::xen::store {

/// Everything masked, whoever calls.
class Client {
public:
    /// Takes up the page where whoever had it before us left off.
    Client(xenstore_domain_interface& page, evtchn_port_t port) noexcept;
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    /// Moves what can be moved; what the event channel's handler does.
    void serve() noexcept;

    Result<void> submit(Request& request) noexcept;
    void withdraw(Request& request) noexcept;
    void add(Watch& watch) noexcept;
    void remove(Watch& watch) noexcept { watches_.erase(watches_.iterator_to(watch)); }

    bool broken() const noexcept { return broken_; }

    sched::WaitQueue finished;  ///< synchronous requests wait here

private:
    using Requests = boost::intrusive::list<
        Request, boost::intrusive::member_hook<Request, decltype(Request::requests_hook), &Request::requests_hook>,
        boost::intrusive::constant_time_size<false>>;
    using Watches = boost::intrusive::list<
        Watch, boost::intrusive::member_hook<Watch, decltype(Watch::watches_hook_), &Watch::watches_hook_>,
        boost::intrusive::constant_time_size<false>>;

    void send() noexcept;
    void fill() noexcept;
    bool send_some(Request& request, std::uint32_t room) noexcept;
    void receive() noexcept;
    void accept(std::span<const char> bytes) noexcept;
    void begin() noexcept;
    void end() noexcept;
    void fire() noexcept;
    void fail() noexcept;
    static void finish(Requests& list, Request& request, Result<std::uint32_t> outcome) noexcept;

    xenstore_domain_interface& page_;
    evtchn_port_t port_;

    // Our own indices; those in the page are for the other side only.
    std::uint32_t req_prod_;
    std::uint32_t rsp_cons_;
    bool broken_ = false;
    bool moved_ = false;  ///< bytes, since the other side was last notified

    Requests queued_;          ///< not, or partly, sent; the first is being sent
    Requests sent_;            ///< waiting for the reply
    std::uint32_t offset_ = 0; ///< how much of the first queued message is sent
    std::uint32_t last_id_ = 0;
    std::uint32_t withdrawn_ = 0;  ///< replies to come that nobody waits for

    xsd_sockmsg header_{};        ///< of the message that is being received
    std::uint32_t received_ = 0;  ///< of the header, then of the payload
    bool in_payload_ = false;
    std::span<char> target_;  ///< where the payload goes, as far as there is room
    Request* answered_ = nullptr;
    char error_[16];
    Event event_;

    Watches watches_;
};

}  // namespace unicore::xen::store
