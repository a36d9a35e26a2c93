// SPDX-License-Identifier: BSD-3-Clause
// Event channels, the two-level kind. [Xen, xen/common/event_channel.c, event_2l.c]
#include "calls.hpp"

#include <unicore/platform/host/images.hpp>
#include <unicore/platform/interrupts.hpp>

#include <algorithm>
#include <utility>

namespace unicore::xen::simulator {
namespace {

constexpr std::size_t word_bits = 64;

bool test(const xen_ulong_t* words, evtchn_port_t bit) {
    return (__atomic_load_n(&words[bit / word_bits], __ATOMIC_ACQUIRE) >> bit % word_bits & 1) != 0;
}
bool test_and_set(xen_ulong_t* words, evtchn_port_t bit) {
    const xen_ulong_t mask = xen_ulong_t{1} << bit % word_bits;
    return (__atomic_fetch_or(&words[bit / word_bits], mask, __ATOMIC_ACQ_REL) & mask) != 0;
}
bool test_and_clear(xen_ulong_t* words, evtchn_port_t bit) {
    const xen_ulong_t mask = xen_ulong_t{1} << bit % word_bits;
    return (__atomic_fetch_and(&words[bit / word_bits], ~mask, __ATOMIC_ACQ_REL) & mask) != 0;
}

/// The lowest that is free. A negative error when there is none.
std::int64_t free_port(DomainState& domain) {
    if (domain.activity == DomainState::Activity::destroyed) return -XEN_EINVAL;
    const std::size_t end =
        std::min<std::size_t>(std::size_t{domain.configuration.last_port} + 1, EVTCHN_2L_NR_CHANNELS);
    for (std::size_t port = 0; port < end; ++port) {
        if (port == domain.ports.size()) domain.ports.resize(port + DomainState::ports_per_bucket);
        if (domain.ports[port].state == Port::State::free) return static_cast<std::int64_t>(port);
    }
    return -XEN_ENOSPC;
}

void close(Hypervisor& hypervisor, DomainState& domain, evtchn_port_t port) {
    Port& end = domain.ports[port];
    if (end.state == Port::State::virq) domain.virqs[end.virq] = 0;
    if (end.state == Port::State::interdomain && end.service == nullptr) {
        if (DomainState* const remote = hypervisor.find(end.remote_domain))
            if (Port* const other = remote->port_at(end.remote_port); other != nullptr && other->usable())
                *other = {.state = Port::State::unbound, .remote_domain = domain.id};
    }
    if (domain.activity != DomainState::Activity::destroyed) test_and_clear(domain.shared().evtchn_pending, port);
    end = {};
}

std::int64_t alloc_unbound(Call& call) {
    evtchn_alloc_unbound op;
    if (!call.read(op)) return -XEN_EFAULT;
    DomainState* const domain = call.hypervisor.find_any(call.domain, op.dom);
    if (domain == nullptr) return -XEN_ESRCH;
    const std::int64_t port = free_port(*domain);
    if (port < 0) return port;
    if (domain != &call.domain && !call.privileged()) return -XEN_EPERM;
    const domid_t remote = op.remote_dom == DOMID_SELF ? call.domain.id : op.remote_dom;
    domain->ports[static_cast<std::size_t>(port)] = {.state = Port::State::unbound, .remote_domain = remote};
    op.port = static_cast<evtchn_port_t>(port);
    return call.write(op) ? 0 : -XEN_EFAULT;
}

std::int64_t bind_interdomain(Call& call) {
    evtchn_bind_interdomain op;
    if (!call.read(op)) return -XEN_EFAULT;
    DomainState* const remote = call.hypervisor.find_any(call.domain, op.remote_dom);
    if (remote == nullptr) return -XEN_ESRCH;
    const std::int64_t port = free_port(call.domain);
    if (port < 0) return port;
    Port* const other = remote->port_at(op.remote_port);
    if (other == nullptr || other->state != Port::State::unbound || other->remote_domain != call.domain.id)
        return -XEN_EINVAL;
    op.local_port = static_cast<evtchn_port_t>(port);
    call.domain.ports[op.local_port] = {
        .state = Port::State::interdomain, .remote_domain = remote->id, .remote_port = op.remote_port};
    // Looked up again: the table may have grown, when both are in one domain.
    *remote->port_at(op.remote_port) = {
        .state = Port::State::interdomain, .remote_domain = call.domain.id, .remote_port = op.local_port};
    call.hypervisor.set_pending(call.domain, op.local_port);  // an event may have been lost before
    return call.write(op) ? 0 : -XEN_EFAULT;
}

/// All but a few are the domain's rather than a vCPU's. [Xen, xen/common/event_channel.c, virq_is_global]
bool global(unsigned virq) {
    static constexpr unsigned of_a_vcpu[] = {VIRQ_TIMER, VIRQ_DEBUG, VIRQ_XENOPROF, VIRQ_XENPMU};
    return std::ranges::find(of_a_vcpu, virq) == std::end(of_a_vcpu);
}

std::int64_t bind_virq(Call& call) {
    evtchn_bind_virq op;
    if (!call.read(op)) return -XEN_EFAULT;
    if (op.virq >= call.domain.virqs.size()) return -XEN_EINVAL;
    if (op.vcpu != 0) return global(op.virq) ? -XEN_EINVAL : -XEN_ENOENT;
    if (call.domain.virqs[op.virq] != 0) return -XEN_EEXIST;
    const std::int64_t port = free_port(call.domain);
    if (port < 0) return port;
    op.port = static_cast<evtchn_port_t>(port);
    call.domain.ports[op.port] = {.state = Port::State::virq, .virq = op.virq};
    call.domain.virqs[op.virq] = op.port;
    return call.write(op) ? 0 : -XEN_EFAULT;
}

std::int64_t bind_ipi(Call& call) {
    evtchn_bind_ipi op;
    if (!call.read(op)) return -XEN_EFAULT;
    if (op.vcpu != 0) return -XEN_ENOENT;
    const std::int64_t port = free_port(call.domain);
    if (port < 0) return port;
    op.port = static_cast<evtchn_port_t>(port);
    call.domain.ports[op.port] = {.state = Port::State::ipi};
    return call.write(op) ? 0 : -XEN_EFAULT;
}

/// For the operations that have nothing but a port.
template <typename Operation>
Port* port_of(Call& call, Operation& op, std::int64_t& error) {
    if (!call.read(op)) return error = -XEN_EFAULT, nullptr;
    Port* const port = call.domain.port_at(op.port);
    if (port == nullptr) error = -XEN_EINVAL;
    return port;
}

std::int64_t close_port(Call& call) {
    evtchn_close op;
    std::int64_t error = 0;
    Port* const port = port_of(call, op, error);
    if (port == nullptr) return error;
    if (!port->usable()) return -XEN_EINVAL;
    close(call.hypervisor, call.domain, op.port);
    return 0;
}

std::int64_t send(Call& call) {
    evtchn_send op;
    std::int64_t error = 0;
    Port* const port = port_of(call, op, error);
    if (port == nullptr) return error;
    switch (port->state) {
        case Port::State::interdomain:
            if (port->service != nullptr) call.hypervisor.raise(*port->service);
            else if (DomainState* const remote = call.hypervisor.find(port->remote_domain))
                call.hypervisor.raise(*remote, port->remote_port);
            return 0;
        case Port::State::ipi: call.hypervisor.set_pending(call.domain, op.port); return 0;
        case Port::State::unbound: return 0;  // dropped
        default: return -XEN_EINVAL;
    }
}

std::int64_t unmask(Call& call) {
    evtchn_unmask op;
    std::int64_t error = 0;
    Port* const port = port_of(call, op, error);
    if (port == nullptr) return error;
    shared_info& shared = call.domain.shared();
    if (port->usable() && test_and_clear(shared.evtchn_mask, op.port) && test(shared.evtchn_pending, op.port) &&
        !test_and_set(&call.domain.vcpu().evtchn_pending_sel, op.port / word_bits))
        call.hypervisor.mark_pending(call.domain);
    return 0;
}

std::int64_t status(Call& call) {
    evtchn_status op;
    if (!call.read(op)) return -XEN_EFAULT;
    DomainState* const domain = call.hypervisor.find_any(call.domain, op.dom);
    if (domain == nullptr) return -XEN_ESRCH;
    Port* const port = domain->port_at(op.port);
    if (port == nullptr) return -XEN_EINVAL;
    if (domain != &call.domain && !call.privileged()) return -XEN_EPERM;
    op.status = EVTCHNSTAT_closed;
    op.vcpu = 0;
    switch (port->state) {
        case Port::State::free:
        case Port::State::reserved: break;
        case Port::State::unbound:
            op.status = EVTCHNSTAT_unbound;
            op.u.unbound.dom = port->remote_domain;
            break;
        case Port::State::interdomain:
            op.status = EVTCHNSTAT_interdomain;
            op.u.interdomain.dom = port->remote_domain;
            op.u.interdomain.port = port->remote_port;
            break;
        case Port::State::virq:
            op.status = EVTCHNSTAT_virq;
            op.u.virq = port->virq;
            break;
        case Port::State::ipi: op.status = EVTCHNSTAT_ipi; break;
    }
    return call.write(op) ? 0 : -XEN_EFAULT;
}

std::int64_t bind_vcpu(Call& call) {
    evtchn_bind_vcpu op;
    std::int64_t error = 0;
    Port* const port = port_of(call, op, error);
    if (error == -XEN_EFAULT) return error;
    if (op.vcpu != 0) return -XEN_ENOENT;  // first of all
    if (port == nullptr) return error;
    return port->state == Port::State::interdomain || port->state == Port::State::unbound ? 0 : -XEN_EINVAL;
}

std::int64_t reset(Call& call) {
    evtchn_reset op;
    if (!call.read(op)) return -XEN_EFAULT;
    DomainState* const domain = call.hypervisor.find_any(call.domain, op.dom);
    if (domain == nullptr) return -XEN_ESRCH;
    if (domain != &call.domain && !call.privileged()) return -XEN_EPERM;
    call.hypervisor.close_all_ports(*domain);
    return 0;
}

struct Command {
    unsigned number;
    const char* name;
    std::int64_t (*perform)(Call&);
};
constexpr Command commands[] = {
    {EVTCHNOP_alloc_unbound, "alloc_unbound", alloc_unbound},
    {EVTCHNOP_bind_interdomain, "bind_interdomain", bind_interdomain},
    {EVTCHNOP_bind_virq, "bind_virq", bind_virq},
    {EVTCHNOP_bind_ipi, "bind_ipi", bind_ipi},
    {EVTCHNOP_bind_vcpu, "bind_vcpu", bind_vcpu},
    {EVTCHNOP_close, "close", close_port},
    {EVTCHNOP_send, "send", send},
    {EVTCHNOP_status, "status", status},
    {EVTCHNOP_unmask, "unmask", unmask},
    {EVTCHNOP_reset, "reset", reset},
};

}  // namespace

std::int64_t event_channel_op(Call& call) {
    for (const Command& command : commands) {
        if (command.number != call.arguments[0]) continue;
        call.argument = call.arguments[1];
        return command.perform(call);
    }
    return -XEN_ENOSYS;
}

void Hypervisor::raise(DomainState& domain, evtchn_port_t port) {
    if (random.chance(faults.lost_events)) return;
    const auto later = [&] {
        // An event that comes after its port was closed meets whatever is there then.
        const auto arrive = [this, &domain, port] { set_pending(domain, port); };
        const auto delay = static_cast<std::uint64_t>(faults.longest_delay.count());
        if (random.below(2) == 0) stepped.push_back({steps + random.below(200), arrive});
        else timed.push_back({now + random.below(delay + 1), arrive});
    };
    if (random.chance(faults.duplicated_events)) later();
    if (random.chance(faults.delayed_events)) later();
    else set_pending(domain, port);
}

void Hypervisor::raise(Connection& connection) {
    if (!random.chance(faults.lost_events)) connection.pending = true;
}

void Hypervisor::set_pending(DomainState& domain, evtchn_port_t port) {
    if (const Port* const end = domain.port_at(port); domain.ended() || end == nullptr || !end->usable()) return;
    shared_info& shared = domain.shared();
    if (test_and_set(shared.evtchn_pending, port)) return;
    if (!test(shared.evtchn_mask, port) && !test_and_set(&domain.vcpu().evtchn_pending_sel, port / word_bits))
        mark_pending(domain);
    if (domain.activity == DomainState::Activity::polling && (domain.polled_port == 0 || domain.polled_port == port))
        wake(domain);
}

void Hypervisor::mark_pending(DomainState& domain) {
    if (__atomic_exchange_n(&domain.vcpu().evtchn_upcall_pending, 1, __ATOMIC_ACQ_REL) != 0) return;
    domain.edge = true;
    wake(domain);
}

bool Hypervisor::can_deliver(DomainState& domain) {
    const unsigned image = std::exchange(platform::host::current_image(), domain.image);
    const bool masked = platform::Interrupts::masked();
    platform::host::current_image() = image;
    if (masked) return false;
    // A PV domain's flag is looked at whenever it could be interrupted; a PVH domain's local APIC latches its edge.
    if (domain.paravirtual()) return domain.vcpu().evtchn_upcall_pending != 0 && domain.vcpu().evtchn_upcall_mask == 0;
    return domain.edge && domain.upcall != nullptr;
}

void Hypervisor::close_all_ports(DomainState& domain) {
    for (evtchn_port_t port = 0; port < domain.ports.size(); ++port)
        if (domain.ports[port].usable()) close(*this, domain, port);
}

void Hypervisor::spurious_event() {
    DomainState& domain = state_of(*domains[random.below(domains.size())]);
    std::vector<evtchn_port_t> open;
    for (evtchn_port_t port = 1; port < domain.ports.size(); ++port)
        if (domain.ports[port].usable()) open.push_back(port);
    if (!open.empty()) set_pending(domain, open[random.below(open.size())]);
}

}  // namespace unicore::xen::simulator
