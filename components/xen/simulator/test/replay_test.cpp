// SPDX-License-Identifier: BSD-3-Clause
// The same seed gives the same run, and no hypercall can do harm.
#include "domains.hpp"

#include <unicore/memory/pages.hpp>
#include <unicore/xen/simulator/cases.hpp>

#include <array>
#include <set>

using namespace unicore::test;
using namespace unicore;
namespace pages = unicore::memory::pages;
using simulator::for_each_case;
using simulator::replay;

namespace {

/// A domain that does anything: numbers near those that mean something, structures full of garbage.
void do_anything(Simulation& simulation, int calls) {
    static constexpr unsigned numbers[] = {__HYPERVISOR_event_channel_op, __HYPERVISOR_grant_table_op,
                                           __HYPERVISOR_memory_op, __HYPERVISOR_vcpu_op, __HYPERVISOR_xen_version,
                                           __HYPERVISOR_set_timer_op, __HYPERVISOR_console_io};
    take_upcalls();
    // Anywhere but in the memory that memory.pages hands out, which is used by nobody.
    std::byte* const memory = pages::take(PageCount{2}).value();
    for (int i = 0; i < calls; ++i) {
        alignas(8) std::array<std::uint16_t, 256> garbage;
        for (auto& word : garbage)
            word = static_cast<std::uint16_t>(simulation.random(5) == 0 ? simulation.random(65536)
                                                                        : simulation.random(12));
        const auto word = [&]() -> std::uintptr_t {
            switch (simulation.random(6)) {
                case 0: return simulation.random(4);
                case 1: return ~std::uintptr_t{0} >> simulation.random(64);
                case 2: return reinterpret_cast<std::uintptr_t>(memory) + simulation.random(3 * page_size);
                default: return reinterpret_cast<std::uintptr_t>(garbage.data());
            }
        };
        // An address of the own memory, or a frame, where structures have them.
        for (int n = 0; n < 3; ++n) {
            const auto at = simulation.random(16) * 4;
            const std::uintptr_t value = simulation.random(2) == 0
                                             ? reinterpret_cast<std::uintptr_t>(memory) + page_size
                                             : guest::frame_of(memory);
            std::memcpy(&garbage[at], &value, sizeof value);
        }
        const unsigned number = numbers[simulation.random(std::size(numbers))];
        // One page of the two may be given away: not the one that `word` may read garbage from.
        unicore_xen_hypercall(simulation.random(14), word(),
                              number == __HYPERVISOR_grant_table_op ? simulation.random(5) : word(), word(), word(),
                              number);
    }
}

std::string run_anything(std::uint64_t seed, Faults faults) {
    Simulation simulation(seed);
    for (int i = 0; i < 3; ++i)
        faults.victims.push_back(&simulation.add_domain(
            {.paravirtual = i == 1, .memory_pages = 8, .main = [&] { do_anything(simulation, 150); }}));
    simulation.fault(faults);
    const Outcome outcome = simulation.run(100'000);
    INFO(outcome.report);
    CHECK(outcome.finished());
    return simulation.trace() + outcome.report;
}

Faults all_faults() {
    Faults faults{.lost_events = 0.1,
                  .duplicated_events = 0.1,
                  .delayed_events = 0.1,
                  .spurious_events = 0.05,
                  .spurious_wake_ups = 0.1,
                  .withdrawn_grants = 0.1,
                  .destroyed_domains = 0.001,
                  .failing_frames = 0.1};
    faults.hypercalls.push_back({.probability = 0.1});
    return faults;
}

}  // namespace

TEST_CASE("domains that do anything harm nobody, and do the same again") {
    std::set<std::string> traces;
    std::size_t cases = 0;
    for_each_case(40, [&](std::uint64_t seed) {
        INFO(replay(seed));
        const std::string trace = run_anything(seed, seed % 2 == 0 ? Faults{} : all_faults());
        REQUIRE(trace == run_anything(seed, seed % 2 == 0 ? Faults{} : all_faults()));
        traces.insert(trace);
        ++cases;
    });
    CHECK(traces.size() == cases);
}

TEST_CASE("the trace tells hypercalls by what they are about") {
    Simulation simulation(1);
    simulation.add_domain({.name = "front", .main = [] {
        const auto port = static_cast<evtchn_port_t>(allocate(7));
        CHECK(send(port) == 0);
        simulator::trace("half way");
        CHECK(close_port(port) == 0);
        CHECK(close_port(port) == -XEN_EINVAL);
    }});
    CHECK(simulation.run().finished());
    CHECK(simulation.trace() ==
          "front: event_channel_op alloc_unbound dom=self remote=7 -> 0 port=2\n"
          "front: event_channel_op send port=2 -> 0\n"
          "front: half way\n"
          "front: event_channel_op close port=2 -> 0\n"
          "front: event_channel_op close port=2 -> -22\n"
          "front: shut down, reason 0\n");
}

TEST_CASE("the order of domains is the seed's") {
    std::set<std::string> orders;
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        Simulation simulation(seed);
        std::string order;
        for (const char who : {'a', 'b', 'c'})
            simulation.add_domain({.main = [&order, who] {
                for (int i = 0; i < 2; ++i) order += who, simulator::pause();
            }});
        CHECK(simulation.run().finished());
        orders.insert(order);
    }
    CHECK(orders.size() > 15);  // of 90, those without much preemption
}
