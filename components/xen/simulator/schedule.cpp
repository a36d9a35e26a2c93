// SPDX-License-Identifier: BSD-3-Clause
// Whose turn it is.
#include "hypervisor.hpp"

#include <unicore/arch/barriers.hpp>
#include <unicore/platform/host/images.hpp>
#include <unicore/platform/interrupts.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace unicore::xen::simulator {

using Activity = DomainState::Activity;
using platform::Interrupts;
using platform::host::current_image;

namespace {

/// At how many of the places where a domain may be preempted it is: one in so many.
constexpr std::uint64_t preemption = 4;

/// After so many in a row, with no other hypercall between them, domains are taken to wait for time to pass.
constexpr std::uint64_t many_yields = 100;

}  // namespace

Hypervisor*& the_hypervisor() noexcept {
    static Hypervisor* hypervisor = nullptr;
    return hypervisor;
}

Hypervisor::Hypervisor(Simulation& the_simulation, std::uint64_t seed) : simulation(the_simulation), random(seed) {
    if (the_hypervisor() != nullptr) std::fputs("one simulation at a time\n", stderr), std::abort();
    the_hypervisor() = this;
    platform::host::forget_images();
    Interrupts::arrive() = [] { the_hypervisor()->wait(); };
    Interrupts::opened() = [] { the_hypervisor()->pause(); };
    arch::Barriers::test_passed = [] { the_hypervisor()->pause(); };
}

Hypervisor::~Hypervisor() {
    for (const auto& domain : domains) {
        state_of(*domain).fiber.reset();
        state_of(*domain).console.reset();
        state_of(*domain).store.reset();
    }
    Interrupts::arrive() = nullptr;
    Interrupts::opened() = nullptr;
    arch::Barriers::test_passed = nullptr;
    platform::host::forget_images();
    the_hypervisor() = nullptr;
}

Outcome Hypervisor::run(std::uint64_t most_steps) {
    step_limit_ = steps + most_steps;
    Outcome outcome{Outcome::End::finished, {}};
    while (!all_ended()) {
        if (steps >= step_limit_) {
            outcome.end = Outcome::End::step_limit;
            break;
        }
        ++steps;
        run_actions(stepped, steps);
        inject();
        if (yields >= many_yields) yields = 0, run_time();
        if (run_somebody() || all_ended() || run_time()) continue;
        // Domains in the background may wait for ever, when there are no others.
        const bool any = std::ranges::any_of(
            domains, [](const auto& domain) { return !state_of(*domain).configuration.background; });
        if (any) outcome.end = Outcome::End::deadlock;
        break;
    }
    bury();
    if (outcome.finished())  // the services see what was the domains' last word
        for (std::size_t i = 0; i < domains.size(); ++i) {
            DomainState& domain = state_of(*domains[i]);
            for (auto* connection : {&domain.store, &domain.console})
                if (*connection && (*connection)->pending) serve(**connection);
        }
    outcome.report = report();
    return outcome;
}

bool Hypervisor::all_ended() const {
    bool any = false;
    for (const auto& domain : domains) {
        const DomainState& state = state_of(*domain);
        if (state.configuration.background) continue;
        if (!state.ended()) return false;
        any = true;
    }
    return any;
}

bool Hypervisor::run_somebody() {
    bury();
    std::vector<std::pair<DomainState*, Connection*>> able;
    for (const auto& each : domains) {
        DomainState& domain = state_of(*each);
        if (domain.activity == Activity::ready) able.emplace_back(&domain, nullptr);
        for (auto* connection : {&domain.store, &domain.console})
            if (*connection && (*connection)->pending) able.emplace_back(&domain, &**connection);
    }
    if (able.empty()) return false;
    const auto [domain, connection] = able[random.below(able.size())];
    if (connection != nullptr) serve(*connection);
    else enter(*domain);
    return true;
}

void Hypervisor::serve(Connection& connection) {
    connection.pending = false;
    yields = 0;
    connection.service().on_event(connection);
}

void Hypervisor::enter(DomainState& domain) {
    current = &domain;
    current_image() = domain.image;
    const std::exception_ptr failure = domain.fiber->enter();
    current = nullptr;
    current_image() = 0;
    if (failure) {
        domain.activity = Activity::shut_down;
        domain.shutdown_reason = SHUTDOWN_crash;
        std::rethrow_exception(failure);
    }
}

/// Gives the stacks of domains back whose code runs no more, and lets services know.
void Hypervisor::bury() {
    for (std::size_t i = 0; i < domains.size(); ++i) {
        DomainState& domain = state_of(*domains[i]);
        if (!domain.ended()) continue;
        domain.fiber.reset();
        if (domain.activity != Activity::destroyed) continue;
        for (auto* connection : {&domain.store, &domain.console}) {
            if (!*connection) continue;
            (*connection)->pending = false;
            (*connection)->service().on_detach(**connection);
            connection->reset();
        }
    }
}

bool Hypervisor::run_time() {
    if (!stepped.empty()) {  // steps pass only while somebody runs
        run_actions(stepped, std::ranges::min(stepped, {}, &Action::due).due);
        return true;
    }
    const auto next = next_expiry();
    if (!next) return false;
    advance(std::max(*next, now));
    run_actions(timed, now);
    return true;
}

void Hypervisor::run_actions(std::vector<Action>& actions, std::uint64_t reached) {
    std::vector<Action> due;
    for (std::size_t i = 0; i < actions.size();) {
        if (actions[i].due > reached) {
            ++i;
            continue;
        }
        due.push_back(std::move(actions[i]));
        actions.erase(actions.begin() + static_cast<std::ptrdiff_t>(i));
    }
    for (const Action& action : due) action.run();
}

void Hypervisor::inject() {
    if (random.chance(faults.spurious_events)) spurious_event();
    if (!faults.victims.empty() && random.chance(faults.destroyed_domains))
        destroy(state_of(*faults.victims[random.below(faults.victims.size())]));
}

void Hypervisor::leave() { current->fiber->leave(); }

void Hypervisor::pause() {
    if (current == nullptr) return;
    if (++steps >= step_limit_ || random.below(preemption) == 0) leave();
    deliver(*current);
}

void Hypervisor::deliver(DomainState& domain) {
    while (can_deliver(domain)) {
        domain.edge = false;
        if (domain.upcall == nullptr) {  // a PV domain without a callback cannot go on
            shut_down(domain, SHUTDOWN_crash);
            leave();
        }
        Interrupts::masked() = true;
        domain.upcall();
        Interrupts::masked() = false;
        if (++steps >= step_limit_) leave();
    }
}

void Hypervisor::wait() {
    if (current == nullptr) return;
    DomainState& domain = *current;
    if (!can_deliver(domain) && !random.chance(faults.spurious_wake_ups)) {
        domain.activity = Activity::waiting;
        leave();
    }
    deliver(domain);
}

void Hypervisor::wake(DomainState& domain) {
    if (domain.activity != Activity::waiting && domain.activity != Activity::polling) return;
    domain.activity = Activity::ready;
    domain.poll_timeout.reset();
}

std::string Hypervisor::report() {
    static constexpr const char* activities[] = {"runs", "waits for an event", "polls", "has shut down",
                                                 "is destroyed"};
    std::string text = "at step " + std::to_string(steps) + ", " + std::to_string(now) + " ns\n";
    for (const auto& each : domains) {
        DomainState& domain = state_of(*each);
        text += "  " + domain.name + " " + activities[static_cast<int>(domain.activity)];
        if (domain.activity == Activity::polling && domain.polled_port != 0)
            text += " port " + std::to_string(domain.polled_port);
        if (domain.timer) text += ", timer at " + std::to_string(*domain.timer) + " ns";
        if (!domain.ended()) {
            const unsigned image = std::exchange(current_image(), domain.image);
            if (Interrupts::masked() && domain.activity != Activity::waiting) text += ", masked";
            current_image() = image;
            for (std::size_t port = 1; port < domain.ports.size(); ++port) {
                const auto bit = [&](const xen_ulong_t* words) { return (words[port / 64] >> port % 64 & 1) != 0; };
                if (!domain.ports[port].usable()) continue;
                text += "\n    port " + std::to_string(port);
                if (bit(domain.shared().evtchn_pending)) text += " pending";
                if (bit(domain.shared().evtchn_mask)) text += " masked";
                if (domain.ports[port].state == Port::State::unbound) text += " unbound";
            }
        }
        text += "\n";
    }
    return text;
}

}  // namespace unicore::xen::simulator
