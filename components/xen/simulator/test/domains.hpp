// SPDX-License-Identifier: BSD-3-Clause
/// What the tests of the hypercall ABI share.
#pragma once

#include <unicore/platform/interrupts.hpp>
#include <unicore/platform/per_image.hpp>
#include <unicore/xen/guest.hpp>
#include <unicore/xen/hypercall.hpp>
#include <unicore/xen/simulator.hpp>

#include <xen/errno.h>

#include <catch2/catch.hpp>

#include <functional>
#include <string>
#include <utility>

namespace unicore::test {

using namespace unicore::xen;
using namespace std::chrono_literals;
using platform::Interrupts;
using platform::MaskGuard;
using simulator::Domain;
using simulator::DomainConfiguration;
using simulator::Faults;
using simulator::Outcome;
using simulator::Service;
using simulator::Simulation;

/// Runs `main` as the one domain of a simulation, of either kind; it must come to its end.
inline void in_a_domain(const std::function<void()>& main, DomainConfiguration configuration = {}) {
    for (const bool paravirtual : {false, true}) {
        CAPTURE(paravirtual);
        Simulation simulation(7);
        configuration.paravirtual = paravirtual;
        configuration.main = main;
        Domain& domain = simulation.add_domain(configuration);
        const Outcome outcome = simulation.run();
        INFO(outcome.report);
        CHECK(outcome.finished());
        CHECK(domain.shutdown_reason() == SHUTDOWN_poweroff);
    }
}

/// What the hypercall itself returns.
template <typename Operation>
std::int64_t raw(Operation& operation) {
    using Command = hypercall::Command<Operation>;
    return hypercall::call(Command::number, Command::value, &operation);
}

inline std::int64_t close_port(evtchn_port_t port) {
    evtchn_close close{port};
    return raw(close);
}
inline std::int64_t send(evtchn_port_t port) {
    evtchn_send send{port};
    return raw(send);
}
inline std::int64_t unmask(evtchn_port_t port) {
    evtchn_unmask unmask{port};
    return raw(unmask);
}
/// A port or an error.
inline std::int64_t allocate(domid_t remote, domid_t domain = DOMID_SELF) {
    evtchn_alloc_unbound op{domain, remote, 0};
    const std::int64_t result = raw(op);
    return result < 0 ? result : op.port;
}
inline std::int64_t bind(domid_t remote, evtchn_port_t port) {
    evtchn_bind_interdomain op{remote, port, 0};
    const std::int64_t result = raw(op);
    return result < 0 ? result : op.local_port;
}
inline std::int64_t bind_virq(unsigned virq, unsigned vcpu = 0) {
    evtchn_bind_virq op{virq, vcpu, 0};
    const std::int64_t result = raw(op);
    return result < 0 ? result : op.port;
}
inline evtchn_status status(evtchn_port_t port, domid_t domain = DOMID_SELF) {
    evtchn_status op{};
    op.dom = domain;
    op.port = port;
    REQUIRE(raw(op) == 0);
    return op;
}

inline bool bit(const xen_ulong_t* words, evtchn_port_t port) { return (words[port / 64] >> port % 64 & 1) != 0; }
inline bool pending(evtchn_port_t port) { return bit(guest::shared().evtchn_pending, port); }
inline void mask(evtchn_port_t port) { guest::shared().evtchn_mask[port / 64] |= xen_ulong_t{1} << port % 64; }

/// Waits, in turns with others, until `condition` holds.
template <typename Condition>
void until(Condition condition) {
    while (!condition()) hypercall::yield();
}

/// Upcalls that the domain took; all that was pending is cleared.
inline unsigned& upcalls() {
    static platform::PerImage<unsigned> count;
    return *count;
}
inline void take_upcalls() {
    REQUIRE(guest::set_upcall([]() noexcept {
                ++upcalls();
                shared_info& shared = guest::shared();
                shared.vcpu_info[0].evtchn_upcall_pending = 0;
                shared.vcpu_info[0].evtchn_pending_sel = 0;
                for (std::size_t word = 0; word < 64; ++word) shared.evtchn_pending[word] &= shared.evtchn_mask[word];
            }).has_value());
}

}  // namespace unicore::test
