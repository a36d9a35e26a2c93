// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/xen/events.hpp>

#include <unicore/platform/interrupts.hpp>
#include <unicore/platform/per_image.hpp>
#include <unicore/xen/events/config.hpp>
#include <unicore/xen/guest.hpp>
#include <unicore/xen/hypercall.hpp>

#include <bit>

namespace unicore::xen::events {
namespace {

struct Table {
    Handler handlers[config::ports]{};
    std::uint32_t unknown = 0;
};
platform::PerImage<Table> table;

constexpr unsigned word_bits = sizeof(xen_ulong_t) * 8;

// The compiler's atomics, because libc++'s std::atomic_ref has the order as an argument of functions that are not
// inlined in small images: 127 bytes for each kind of access.
xen_ulong_t load(const xen_ulong_t& word) noexcept { return __atomic_load_n(&word, __ATOMIC_SEQ_CST); }

/// A bit of one of the arrays in the shared page, which the hypervisor changes at any moment.
class Bit {
public:
    Bit(xen_ulong_t* words, evtchn_port_t port) noexcept
        : word_(words[port / word_bits]), mask_(xen_ulong_t{1} << port % word_bits) {}

    bool is_set() const noexcept { return (load(word_) & mask_) != 0; }
    void set() noexcept { __atomic_fetch_or(&word_, mask_, __ATOMIC_SEQ_CST); }
    bool test_and_clear() noexcept { return (__atomic_fetch_and(&word_, ~mask_, __ATOMIC_SEQ_CST) & mask_) != 0; }

private:
    xen_ulong_t& word_;
    xen_ulong_t mask_;
};

Bit mask_bit(evtchn_port_t port) noexcept { return {guest::shared().evtchn_mask, port}; }

void unmask_port(evtchn_port_t port) noexcept {
    evtchn_unmask unmask{.port = port};
    static_cast<void>(hypercall::perform(unmask));
}

void close_port(evtchn_port_t port) noexcept {
    evtchn_close close{.port = port};
    static_cast<void>(hypercall::perform(close));
}

/// From here on its events reach the handler, one that came earlier too.
void install(evtchn_port_t port, Handler handler) noexcept {
    table->handlers[port] = handler;
    if (mask_bit(port).is_set()) unmask_port(port);  // left from an event that nobody wanted
}

/// A port that `operation` makes and puts into `port`.
Result<evtchn_port_t> open(unsigned command, void* operation, const evtchn_port_t& port, Handler handler) noexcept {
    const platform::MaskGuard masked;  // an event may be there before its handler is
    UNICORE_TRY(hypercall::perform(__HYPERVISOR_event_channel_op, command, operation));
    if (port >= config::ports) {
        close_port(port);
        return unexpected(Error::out_of_range);
    }
    install(port, handler);
    return port;
}

void handle(evtchn_port_t port) noexcept {
    Bit pending(guest::shared().evtchn_pending, port);  // no more, when a handler before this one closed the port
    const Handler handler = port < config::ports ? table->handlers[port] : Handler{};
    if (handler.function == nullptr) {  // stays pending, for whoever adopts the port
        if (!pending.is_set()) return;
        mask_bit(port).set();
        ++table->unknown;
    } else if (pending.test_and_clear()) {  // before the handler looks: what comes meanwhile counts again
        handler.function(handler.context);
    }
}

/// The upcall. Each port that is pending is handled once, whatever arrives meanwhile: that raises another upcall,
/// so no port keeps the others waiting, and the work is bounded. [Xen, xen/include/public/xen.h, struct vcpu_info]
void dispatch() noexcept {
    guest::Shared& shared = guest::shared();
    guest::VcpuInfo& cpu = shared.vcpu_info[0];
    __atomic_store_n(&cpu.evtchn_upcall_pending, 0, __ATOMIC_SEQ_CST);
    xen_ulong_t words = __atomic_exchange_n(&cpu.evtchn_pending_sel, 0, __ATOMIC_SEQ_CST);
    for (; words != 0; words &= words - 1) {
        const auto word = static_cast<unsigned>(std::countr_zero(words));
        xen_ulong_t ready = load(shared.evtchn_pending[word]) & ~load(shared.evtchn_mask[word]);
        for (; ready != 0; ready &= ready - 1)
            handle(word * word_bits + static_cast<unsigned>(std::countr_zero(ready)));
    }
}

}  // namespace

Result<void> start() noexcept { return guest::set_upcall(dispatch); }

std::uint32_t unknown_events() noexcept { return table->unknown; }

Result<evtchn_port_t> bind_virq(unsigned virq, Handler handler) noexcept {
    evtchn_bind_virq operation{.virq = virq, .vcpu = 0, .port = 0};
    return open(EVTCHNOP_bind_virq, &operation, operation.port, handler);
}

Result<void> adopt(evtchn_port_t port, Handler handler) noexcept {
    if (port == 0 || port >= config::ports) return unexpected(Error::out_of_range);
    const platform::MaskGuard masked;
    if (table->handlers[port].function != nullptr) return unexpected(Error::busy);
    install(port, handler);
    return {};
}

Result<EventChannel> EventChannel::allocate(domid_t remote, Handler handler) noexcept {
    evtchn_alloc_unbound operation{.dom = DOMID_SELF, .remote_dom = remote, .port = 0};
    return EventChannel(UNICORE_TRY(open(EVTCHNOP_alloc_unbound, &operation, operation.port, handler)), false);
}

Result<EventChannel> EventChannel::connect(domid_t remote, evtchn_port_t remote_port, Handler handler) noexcept {
    evtchn_bind_interdomain operation{.remote_dom = remote, .remote_port = remote_port, .local_port = 0};
    return EventChannel(UNICORE_TRY(open(EVTCHNOP_bind_interdomain, &operation, operation.local_port, handler)), false);
}

Result<EventChannel> EventChannel::bind_virq(unsigned virq, Handler handler) noexcept {
    return EventChannel(UNICORE_TRY(events::bind_virq(virq, handler)), false);
}

Result<EventChannel> EventChannel::adopt(evtchn_port_t port, Handler handler) noexcept {
    UNICORE_TRY(events::adopt(port, handler));
    return EventChannel(port, true);
}

void EventChannel::close() noexcept {
    const platform::MaskGuard masked;
    if (adopted_) mask();
    else close_port(port_);
    table->handlers[port_] = {};
}

void EventChannel::notify() noexcept {
    evtchn_send send{.port = port_};
    static_cast<void>(hypercall::perform(send));
}

void EventChannel::mask() noexcept { mask_bit(port_).set(); }

void EventChannel::unmask() noexcept { unmask_port(port_); }

}  // namespace unicore::xen::events
