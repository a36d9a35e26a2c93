// SPDX-License-Identifier: BSD-3-Clause
// Virtual time, and what waits for it.
#include "hypervisor.hpp"

#include <algorithm>

namespace unicore::xen::simulator {

void Hypervisor::publish_time(DomainState& domain) {
    vcpu_time_info& time = domain.vcpu().time;
    __atomic_store_n(&time.version, time.version + 1, __ATOMIC_RELEASE);
    time.system_time = now;
    // The time-stamp counter plays no part: its ticks last no time.
    time.tsc_timestamp = 0;
    time.tsc_to_system_mul = 0;
    time.tsc_shift = 0;
    __atomic_store_n(&time.version, time.version + 1, __ATOMIC_RELEASE);
}

void Hypervisor::set_timer(DomainState& domain, std::uint64_t time) {
    constexpr std::uint64_t far = std::uint64_t{1} << 50;
    if (time == 0) domain.timer.reset();
    else if (time > now && time - now >= far) domain.timer = now + 100'000'000;  // as Xen, which takes it for a mistake
    else domain.timer = time;
    expire();
}

void Hypervisor::advance(std::uint64_t time) {
    now = time;
    for (const auto& domain : domains)
        if (!domain->destroyed()) publish_time(state_of(*domain));
    expire();
}

std::optional<std::uint64_t> Hypervisor::next_expiry() {
    std::optional<std::uint64_t> next;
    const auto consider = [&](std::optional<std::uint64_t> time) {
        if (time && (!next || *time < *next)) next = time;
    };
    for (const auto& domain : domains) {
        consider(state_of(*domain).timer);
        consider(state_of(*domain).poll_timeout);
    }
    for (const Action& action : timed) consider(action.due);
    return next;
}

void Hypervisor::expire() {
    for (const auto& each : domains) {
        DomainState& domain = state_of(*each);
        if (domain.timer && *domain.timer <= now) {
            domain.timer.reset();
            if (const evtchn_port_t port = domain.virqs[VIRQ_TIMER]; port != 0) set_pending(domain, port);
        }
        if (domain.poll_timeout && *domain.poll_timeout <= now) wake(domain);
    }
}

}  // namespace unicore::xen::simulator
