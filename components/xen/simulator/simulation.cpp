// SPDX-License-Identifier: BSD-3-Clause
// What tests see of it.
#include "hypervisor.hpp"

#include <unicore/base/assert.hpp>

#include <utility>

namespace unicore::xen::simulator {

Domain::Domain(std::unique_ptr<DomainState> state) : state_(std::move(state)) {}
Domain::~Domain() = default;

domid_t Domain::id() const noexcept { return state_->id; }
const std::string& Domain::name() const noexcept { return state_->name; }
std::optional<unsigned> Domain::shutdown_reason() const noexcept { return state_->shutdown_reason; }
bool Domain::destroyed() const noexcept { return state_->activity == DomainState::Activity::destroyed; }
bool Domain::ended() const noexcept { return state_->ended(); }
const std::string& Domain::console_output() const noexcept { return state_->console_output; }
std::string Domain::leaks(std::size_t kept) const { return the_hypervisor()->leaks(*state_, kept); }
Domain::Usage Domain::usage() const { return the_hypervisor()->usage(*state_); }

void Domain::console_input(std::string_view text) {
    state_->console_input += text;
    if (state_->console) state_->console->pending = true;
}

Simulation::Simulation(std::uint64_t seed) : hypervisor_(std::make_unique<Hypervisor>(*this, seed)) {}
Simulation::~Simulation() = default;

Domain& Simulation::add_domain(DomainConfiguration configuration) {
    return hypervisor_->build(std::move(configuration));
}
void Simulation::destroy(Domain& domain) { hypervisor_->destroy(Hypervisor::state_of(domain)); }
Domain* Simulation::find(domid_t id) noexcept {
    for (const auto& domain : hypervisor_->domains)
        if (domain->id() == id && !domain->destroyed()) return domain.get();
    return nullptr;
}
Outcome Simulation::run(std::uint64_t most_steps) { return hypervisor_->run(most_steps); }
void Simulation::fault(Faults faults) { hypervisor_->faults = std::move(faults); }
std::chrono::nanoseconds Simulation::now() const noexcept { return std::chrono::nanoseconds(hypervisor_->now); }
std::uint64_t Simulation::steps() const noexcept { return hypervisor_->steps; }
std::uint64_t Simulation::random(std::uint64_t bound) { return hypervisor_->random.below(bound); }
const std::string& Simulation::trace() const noexcept { return hypervisor_->trace.text; }
void Simulation::tracing(bool on) noexcept { hypervisor_->trace.on = on; }

void Simulation::at(std::chrono::nanoseconds time, std::function<void()> action) {
    hypervisor_->timed.push_back({static_cast<std::uint64_t>(time.count()), std::move(action)});
}

void Simulation::after_steps(std::uint64_t steps, std::function<void()> action) {
    hypervisor_->stepped.push_back({hypervisor_->steps + steps, std::move(action)});
}

Domain& current() {
    Hypervisor& hypervisor = *the_hypervisor();
    UNICORE_ASSERT(hypervisor.current != nullptr);
    for (const auto& domain : hypervisor.domains)
        if (&Hypervisor::state_of(*domain) == hypervisor.current) return *domain;
    std::abort();
}

void trace(std::string_view line) {
    Hypervisor& hypervisor = *the_hypervisor();
    const std::string who = hypervisor.current != nullptr ? hypervisor.current->name : "test";
    hypervisor.trace.add(who + ": " + std::string(line));
}

void pause() { the_hypervisor()->pause(); }

}  // namespace unicore::xen::simulator
