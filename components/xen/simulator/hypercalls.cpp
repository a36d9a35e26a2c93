// SPDX-License-Identifier: BSD-3-Clause
// The gate, and the hypercalls that are short.
#include "calls.hpp"

#include <unicore/platform/interrupts.hpp>
#include <unicore/xen/guest.hpp>

#include <xen/features.h>
#include <xen/sched.h>
#include <xen/vcpu.h>
#include <xen/version.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace unicore::xen::simulator {
namespace {

using Activity = DomainState::Activity;

std::int64_t shutdown(Call& call) {
    sched_shutdown op;
    if (!call.read(op)) return -XEN_EFAULT;
    call.finish(0);
    call.hypervisor.shut_down(call.domain, op.reason);
    call.hypervisor.leave();
    std::abort();  // nobody enters it again
}

std::int64_t poll(Call& call) {
    sched_poll op;
    if (!call.read(op)) return -XEN_EFAULT;
    DomainState& domain = call.domain;
    if (op.nr_ports > 128) return -XEN_EINVAL;
    if (call.hypervisor.can_deliver(domain)) return 0;
    evtchn_port_t port = 0;
    for (unsigned i = 0; i < op.nr_ports; ++i) {
        if (!call.hypervisor.guest.read(port, reinterpret_cast<std::uintptr_t>(op.ports.p + i))) return -XEN_EFAULT;
        const Port* const end = domain.port_at(port);
        if (end == nullptr) return -XEN_EINVAL;
        const xen_ulong_t word = __atomic_load_n(&domain.shared().evtchn_pending[port / 64], __ATOMIC_ACQUIRE);
        if (end->usable() && (word >> port % 64 & 1) != 0) return 0;
    }
    call.finish(0);
    if (op.timeout != 0 && op.timeout <= call.hypervisor.now) return 0;
    domain.polled_port = op.nr_ports == 1 ? port : 0;
    if (op.timeout != 0) domain.poll_timeout = op.timeout;
    domain.activity = Activity::polling;
    call.hypervisor.leave();
    return 0;
}

std::int64_t block(Call& call) {
    call.finish(0);
    platform::Interrupts::masked() = false;
    call.domain.vcpu().evtchn_upcall_mask = 0;
    call.hypervisor.wait();
    return 0;
}

std::int64_t set_timer_op(Call& call) {
    call.hypervisor.set_timer(call.domain, call.arguments[0]);
    return 0;
}

std::int64_t vcpu_op(Call& call) {
    call.argument = call.arguments[2];
    if (call.arguments[1] != 0) return -XEN_ENOENT;
    switch (call.arguments[0]) {
        case VCPUOP_is_up: return 1;
        case VCPUOP_stop_periodic_timer: return 0;
        case VCPUOP_stop_singleshot_timer:
            call.domain.timer.reset();
            return 0;
        case VCPUOP_set_singleshot_timer: {
            vcpu_set_singleshot_timer op;
            if (!call.read(op)) return -XEN_EFAULT;
            if ((op.flags & VCPU_SSHOTTMR_future) != 0 && op.timeout_abs_ns < call.hypervisor.now) return -XEN_ETIME;
            call.domain.timer = op.timeout_abs_ns;
            call.hypervisor.expire();
            return 0;
        }
        default: return -XEN_ENOSYS;
    }
}

std::int64_t xen_version(Call& call) {
    call.argument = call.arguments[1];
    switch (call.arguments[0]) {
        case XENVER_version: return 4 << 16 | 17;
        case XENVER_pagesize: return page_size;
        case XENVER_extraversion: {
            const xen_extraversion_t text = ".simulated";
            return call.hypervisor.guest.copy_to(call.argument, text, sizeof text) ? 0 : -XEN_EFAULT;
        }
        case XENVER_get_features: {
            xen_feature_info op;
            if (!call.read(op)) return -XEN_EFAULT;
            if (op.submap_idx != 0) return -XEN_EINVAL;
            op.submap = call.domain.paravirtual()
                            ? 1u << XENFEAT_mmu_pt_update_preserve_ad
                            : 1u << XENFEAT_auto_translated_physmap | 1u << XENFEAT_hvm_callback_vector |
                                  1u << XENFEAT_hvm_safe_pvclock;
            if (call.privileged()) op.submap |= 1u << XENFEAT_dom0;
            return call.write(op) ? 0 : -XEN_EFAULT;
        }
        default: return -XEN_ENOSYS;
    }
}

std::int64_t console_io(Call& call) {
    const auto count = static_cast<unsigned>(call.arguments[1]);
    if (call.arguments[0] != CONSOLEIO_write) return -XEN_ENOSYS;
    if (count > page_size * 16) return -XEN_EFAULT;
    std::string text(count, '\0');
    if (!call.hypervisor.guest.copy_from(text.data(), call.arguments[2], count)) return -XEN_EFAULT;
    call.domain.console_output += text;
    return 0;
}

struct Hypercall {
    unsigned number;
    const char* name;
    std::int64_t (*perform)(Call&);
};
constexpr Hypercall hypercalls[] = {
    {__HYPERVISOR_event_channel_op, "event_channel_op", event_channel_op},
    {__HYPERVISOR_grant_table_op, "grant_table_op", grant_table_op},
    {__HYPERVISOR_memory_op, "memory_op", memory_op},
    {__HYPERVISOR_sched_op, "sched_op", sched_op},
    {__HYPERVISOR_set_timer_op, "set_timer_op", set_timer_op},
    {__HYPERVISOR_vcpu_op, "vcpu_op", vcpu_op},
    {__HYPERVISOR_xen_version, "xen_version", xen_version},
    {__HYPERVISOR_console_io, "console_io", console_io},
};

/// Whether a fault makes this hypercall fail, and then with what; or one of its operations.
std::optional<std::int64_t> fault_of(Call& call, unsigned number) {
    for (FailingHypercall& fault : call.hypervisor.faults.hypercalls) {
        const bool any = fault.number == FailingHypercall::any;
        if (fault.times == 0 || (!any && fault.number != number)) continue;
        // Those that cannot fail on a real one fail only when they are named.
        if (any && (number == __HYPERVISOR_sched_op || number == __HYPERVISOR_console_io)) continue;
        if (fault.command != FailingHypercall::any && fault.command != call.arguments[0]) continue;
        if (fault.domain != nullptr && &Hypervisor::state_of(*fault.domain) != &call.domain) continue;
        if (!call.hypervisor.random.chance(fault.probability)) continue;
        if (fault.times != FailingHypercall::any) --fault.times;
        if (fault.status == 0) return -fault.error;
        call.failing_status = static_cast<std::int16_t>(fault.status);
        return {};
    }
    return {};
}

std::int64_t perform(Hypervisor& hypervisor, unsigned number, const std::uintptr_t (&arguments)[5]) {
    DomainState& domain = *hypervisor.current;
    Call call{.hypervisor = hypervisor, .domain = domain, .arguments = {}};
    std::ranges::copy(arguments, call.arguments);
    TraceView view(hypervisor);
    if (hypervisor.trace.on) call.line.emplace(view, number, arguments);
    const auto known = std::ranges::find(hypercalls, number, &Hypercall::number);
    if (known == std::end(hypercalls)) {
        call.finish(-XEN_ENOSYS);
        return -XEN_ENOSYS;
    }
    if (const auto failure = fault_of(call, number)) {
        call.finish(*failure, " (fault)");
        return *failure;
    }
    const bool yields = number == __HYPERVISOR_sched_op && arguments[0] == SCHEDOP_yield;
    hypervisor.yields = yields ? hypervisor.yields + 1 : 0;
    const std::int64_t result = known->perform(call);
    call.finish(result);
    return result;
}

}  // namespace

std::int64_t sched_op(Call& call) {
    call.argument = call.arguments[1];
    switch (call.arguments[0]) {
        case SCHEDOP_yield:
            call.finish(0);
            call.hypervisor.leave();
            return 0;
        case SCHEDOP_block: return block(call);
        case SCHEDOP_shutdown: return shutdown(call);
        case SCHEDOP_poll: return poll(call);
        default: return -XEN_ENOSYS;
    }
}

}  // namespace unicore::xen::simulator

std::int64_t unicore_xen_hypercall(std::uintptr_t first, std::uintptr_t second, std::uintptr_t third,
                                   std::uintptr_t fourth, std::uintptr_t fifth, unsigned number) noexcept {
    using namespace unicore::xen::simulator;
    Hypervisor* const hypervisor = the_hypervisor();
    if (hypervisor == nullptr || hypervisor->current == nullptr) {
        std::fputs("hypercall outside of a simulated domain\n", stderr);
        std::abort();
    }
    hypervisor->pause();
    const std::int64_t result = perform(*hypervisor, number, {first, second, third, fourth, fifth});
    hypervisor->pause();
    return result;
}
