// SPDX-License-Identifier: BSD-3-Clause
/// Event channels: how domains and the hypervisor interrupt each other.
#pragma once

#include <unicore/base/result.hpp>

#include <xen/event_channel.h>
#include <xen/xen.h>

#include <cstdint>
#include <utility>

namespace unicore::xen::events {

/// What runs when an event arrives, in interrupt context: masked; it must not wait. One call may
/// stand for several events, and there are calls for nothing: look at what the event is about.
struct Handler {
    void (*function)(void* context) noexcept;
    void* context;
};

/// This domain's end of an event channel. Its handler may be called as soon as it exists, before the
/// function that made it returns. Context of all that follows: thread, masked or not, and handlers, its
/// own included; mask, unmask and notify: any.
class EventChannel {
public:
    /// A port that `remote`, and nobody else, may connect to.
    /// Errors: out_of_memory or out_of_range when there are no more ports.
    static Result<EventChannel> allocate(domid_t remote, Handler handler) noexcept;

    /// A port connected to one that another domain has allocated for us. The handler is called at once:
    /// the other side may have sent an event before.
    /// Errors: not_found when there is no such domain; invalid_argument when it has no such port for us;
    /// out_of_memory or out_of_range when there are no more ports.
    static Result<EventChannel> connect(domid_t remote, evtchn_port_t remote_port, Handler handler) noexcept;

    /// A virtual interrupt (VIRQ_*) of the first vCPU.
    /// Errors: invalid_argument; busy when it is bound; out_of_memory or out_of_range.
    static Result<EventChannel> bind_virq(unsigned virq, Handler handler) noexcept;

    /// A port that the domain was started with: the console's or the store's. It stays open at the end
    /// of this object, masked, and can be adopted again: closing it would cut the service off for good.
    /// Errors: busy when it is taken; out_of_range.
    static Result<EventChannel> adopt(evtchn_port_t port, Handler handler) noexcept;

    constexpr EventChannel() noexcept = default;
    EventChannel(EventChannel&& other) noexcept
        : port_(std::exchange(other.port_, 0)), adopted_(other.adopted_) {}
    EventChannel& operator=(EventChannel&& other) noexcept {
        std::swap(port_, other.port_);
        std::swap(adopted_, other.adopted_);
        return *this;
    }
    /// Closes the port. The handler is not called afterwards.
    ~EventChannel() noexcept {
        if (port_ != 0) close();
    }

    /// Sends an event to the other side. When that has closed its end, nothing happens.
    void notify() noexcept;
    /// The number by which the other side connects; 0 for no channel.
    evtchn_port_t port() const noexcept { return port_; }
    /// Keeps events away from the handler. They are not lost: unmask lets one in for them.
    void mask() noexcept;
    void unmask() noexcept;

private:
    EventChannel(evtchn_port_t port, bool adopted) noexcept : port_(port), adopted_(adopted) {}

    void close() noexcept;

    evtchn_port_t port_ = 0;
    bool adopted_ = false;
};

/// EventChannel::bind_virq and EventChannel::adopt for as long as the image lasts: nothing owns the channel,
/// and nothing closes it.
Result<evtchn_port_t> bind_virq(unsigned virq, Handler handler) noexcept;
Result<void> adopt(evtchn_port_t port, Handler handler) noexcept;

/// How many events came for ports that nobody has. Each of them was masked. Context: any.
std::uint32_t unknown_events() noexcept;

}  // namespace unicore::xen::events
