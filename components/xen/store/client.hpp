// SPDX-License-Identifier: BSD-3-Clause
/// The connection: moves bytes between requests and the two rings of the shared page.
#pragma once

#include <unicore/xen/store/request.hpp>
#include <unicore/xen/store/watch.hpp>

#include "event.hpp"
#include "list.hpp"

#include <xen/event_channel.h>
#include <cstdint>  // xs_wire.h wants it
#include <xen/io/xs_wire.h>

#include <cstddef>

namespace unicore::xen::store {

/// Everything masked, whoever calls.
class Client {
public:
    /// Takes up the page where whoever had it before us left off.
    void connect(xenstore_domain_interface& page, evtchn_port_t port) noexcept;
    /// Whether there is a connection that works.
    bool open() const noexcept { return open_; }

    /// Moves what can be moved; what the event channel's handler does.
    void serve() noexcept;

    Result<void> submit(Request& request) noexcept;
    void withdraw(Request& request) noexcept;

    /// Gives it a number, and has it called.
    void add(Observer& observer) noexcept;
    /// Whether it was there.
    bool remove(Observer& observer) noexcept { return observers_.remove(observer); }
    /// Calls `now` in the place of `before`, which was there or not.
    void replace(Observer& before, Observer& now) noexcept;

private:
    void send() noexcept;
    void receive() noexcept;
    void take(char byte) noexcept;
    void begin() noexcept;
    void end() noexcept;
    void fail() noexcept;
    void finish(Request& request, Result<std::uint32_t> outcome) noexcept;

    xenstore_domain_interface* page_ = nullptr;
    evtchn_port_t port_ = 0;

    // Our own indices; those in the page are for the other side only.
    std::uint32_t req_prod_ = 0;
    std::uint32_t rsp_cons_ = 0;
    bool open_ = false;
    bool moved_ = false;  ///< bytes, since the other side was last notified

    List requests_;                ///< those that wait for their reply, then those whose number is still 0
    std::uint32_t sent_ = 0;       ///< how much is of the first one that has none
    std::uint32_t last_id_ = 0;    ///< twice how many were sent: the numbers between are odd, so never 0
    std::uint32_t withdrawn_ = 0;  ///< replies to come that nobody waits for

    List observers_;
    std::uint32_t last_token_ = 0;  ///< as last_id_

    std::uint32_t received_ = 0;  ///< of the header, then of the payload too
    xsd_sockmsg header_{};        ///< of the message that is being received
    Request* answered_ = nullptr;
    char error_[16]{};
    Event event_;
};

}  // namespace unicore::xen::store
