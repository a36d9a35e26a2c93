// SPDX-License-Identifier: BSD-3-Clause
/// Hypercalls as they are, errors and all: their results are in the trace.
#pragma once

#include <unicore/base/units.hpp>
#include <unicore/memory/pages.hpp>
#include <unicore/platform/interrupts.hpp>
#include <unicore/xen/guest.hpp>
#include <unicore/xen/hypercall.hpp>

#include <xen/event_channel.h>
#include <xen/grant_table.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace unicore::test {

namespace hypercall = xen::hypercall;
namespace guest = xen::guest;

/// A domain that is not there.
inline constexpr domid_t nobody = 30000;

template <typename Operation>
std::int64_t event_op(unsigned command, Operation operation) noexcept {
    return hypercall::call(__HYPERVISOR_event_channel_op, command, &operation);
}

inline xen_ulong_t port_bit(evtchn_port_t port) noexcept { return xen_ulong_t{1} << port % 64; }
inline bool pending(evtchn_port_t port) noexcept {
    return (__atomic_load_n(&guest::shared().evtchn_pending[port / 64], __ATOMIC_SEQ_CST) & port_bit(port)) != 0;
}
inline bool masked(evtchn_port_t port) noexcept {
    return (__atomic_load_n(&guest::shared().evtchn_mask[port / 64], __ATOMIC_SEQ_CST) & port_bit(port)) != 0;
}
inline void mask(evtchn_port_t port) noexcept {
    __atomic_fetch_or(&guest::shared().evtchn_mask[port / 64], port_bit(port), __ATOMIC_SEQ_CST);
}
inline void clear_mask(evtchn_port_t port) noexcept {
    __atomic_fetch_and(&guest::shared().evtchn_mask[port / 64], ~port_bit(port), __ATOMIC_SEQ_CST);
}
inline void clear_pending(evtchn_port_t port) noexcept {
    __atomic_fetch_and(&guest::shared().evtchn_pending[port / 64], ~port_bit(port), __ATOMIC_SEQ_CST);
}

/// A port by a hypercall that makes one, masked, since nobody handles its events; 0 when there is none.
template <typename Operation>
evtchn_port_t new_port(unsigned command, Operation operation, evtchn_port_t Operation::* port) noexcept {
    const platform::MaskGuard guard;
    if (hypercall::call(__HYPERVISOR_event_channel_op, command, &operation) < 0) return 0;
    mask(operation.*port);
    return operation.*port;
}
inline evtchn_port_t allocate(domid_t remote, domid_t domain = DOMID_SELF) noexcept {
    return new_port(EVTCHNOP_alloc_unbound, evtchn_alloc_unbound{domain, remote, 0}, &evtchn_alloc_unbound::port);
}
inline evtchn_port_t connect(domid_t remote, evtchn_port_t port) noexcept {
    return new_port(EVTCHNOP_bind_interdomain, evtchn_bind_interdomain{remote, port, 0},
                    &evtchn_bind_interdomain::local_port);
}
inline evtchn_port_t bind_virq(unsigned virq, unsigned vcpu = 0) noexcept {
    return new_port(EVTCHNOP_bind_virq, evtchn_bind_virq{virq, vcpu, 0}, &evtchn_bind_virq::port);
}
inline evtchn_port_t bind_ipi(unsigned vcpu) noexcept {
    return new_port(EVTCHNOP_bind_ipi, evtchn_bind_ipi{vcpu, 0}, &evtchn_bind_ipi::port);
}
inline std::int64_t bind_vcpu(evtchn_port_t port, unsigned vcpu) noexcept {
    return event_op(EVTCHNOP_bind_vcpu, evtchn_bind_vcpu{port, vcpu});
}
/// Leaves the mask as it was before the port: the next one with this number finds nothing of it.
inline std::int64_t close(evtchn_port_t port) noexcept {
    const std::int64_t result = event_op(EVTCHNOP_close, evtchn_close{port});
    if (result == 0) clear_mask(port);
    return result;
}
inline std::int64_t send(evtchn_port_t port) noexcept { return event_op(EVTCHNOP_send, evtchn_send{port}); }
inline std::int64_t unmask(evtchn_port_t port) noexcept { return event_op(EVTCHNOP_unmask, evtchn_unmask{port}); }
inline std::int64_t status(evtchn_port_t port, domid_t domain = DOMID_SELF) noexcept {
    evtchn_status operation{};
    operation.dom = domain;
    operation.port = port;
    return event_op(EVTCHNOP_status, operation);
}

/// Pages without memory behind them, for mappings; with memory again at the end.
class Holes {
public:
    static constexpr std::size_t most = 140;

    explicit Holes(std::size_t count) noexcept {
        auto pages = memory::pages::Pages::create(PageCount{count});
        if (!pages || count > most) return;
        pages_ = std::move(*pages);
        for (std::size_t i = 0; i != count; ++i) list_[i] = at(i);
        if (guest::give_frames(std::span(list_).first(count))) given_ = count;
    }
    ~Holes() { guest::take_frames(std::span(list_).first(given_)); }
    Holes(const Holes&) = delete;
    Holes& operator=(const Holes&) = delete;

    std::byte* at(std::size_t index) const noexcept { return pages_.bytes().data() + index * page_size; }
    std::size_t count() const noexcept { return given_; }

private:
    memory::pages::Pages pages_;
    std::array<void*, most> list_{};
    std::size_t given_ = 0;
};

}  // namespace unicore::test
