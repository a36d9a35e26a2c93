// SPDX-License-Identifier: BSD-3-Clause
#include "domains.hpp"

#include <algorithm>

using namespace unicore::test;
using namespace unicore;

namespace {

/// How many of 1,000 events to itself reach a domain, each waited for.
unsigned arrivals(const Faults& faults, bool wait = false) {
    Simulation simulation(5);
    unsigned arrived = 0;
    simulation.fault(faults);
    simulation.add_domain({.main = [&] {
        take_upcalls();
        const auto port = static_cast<evtchn_port_t>(allocate(DOMID_SELF));
        const auto other = static_cast<evtchn_port_t>(bind(DOMID_SELF, port));
        const unsigned before = upcalls();
        for (int i = 0; i < 1000; ++i) {
            const bool before_wait = wait && Interrupts::save_and_mask();  // what comes first must not be missed
            CHECK(send(other) == 0);
            if (wait) {
                Interrupts::unmask_and_wait();
                Interrupts::restore(before_wait);
            }
        }
        arrived = upcalls() - before;
    }});
    const Outcome outcome = simulation.run();
    INFO(outcome.report);
    CHECK(outcome.finished());
    return arrived;
}

}  // namespace

TEST_CASE("events are lost, doubled, late, and come for nothing, as often as asked for") {
    CHECK(arrivals({}) == 1000);
    CHECK(arrivals({.lost_events = 1}) == 0);
    const unsigned half = arrivals({.lost_events = 0.5});
    CHECK(half > 400);
    CHECK(half < 600);
    CHECK(arrivals({.duplicated_events = 1}) > 1100);
    CHECK(arrivals({.spurious_events = 0.5}) > 1100);
}

TEST_CASE("a late event comes before everybody gives up") {
    CHECK(arrivals({.delayed_events = 1}, true) == 1000);
}

TEST_CASE("a domain that waits is woken for nothing") {
    Simulation simulation(1);
    simulation.fault({.spurious_wake_ups = 1});
    simulation.add_domain({.main = [] {
        const MaskGuard masked;
        for (int i = 0; i < 5; ++i) Interrupts::unmask_and_wait();
    }});
    CHECK(simulation.run().finished());
}

TEST_CASE("chosen hypercalls fail, as often as asked for") {
    Simulation simulation(1);
    Domain& victim = simulation.add_domain({.main = [] {
        CHECK(allocate(1) == -XEN_ENOSPC);
        CHECK(allocate(1) == -XEN_ENOSPC);
        CHECK(allocate(1) == 2);
        CHECK(send(2) == 0);
    }});
    simulation.add_domain({.main = [] { CHECK(allocate(1) == 2); }});
    Faults faults;
    faults.hypercalls.push_back({.number = __HYPERVISOR_event_channel_op,
                                 .command = EVTCHNOP_alloc_unbound,
                                 .error = XEN_ENOSPC,
                                 .times = 2,
                                 .domain = &victim});
    simulation.fault(faults);
    CHECK(simulation.run().finished());
}

TEST_CASE("one operation of a batch fails") {
    Simulation simulation(1);
    Faults faults;
    faults.hypercalls.push_back({.number = __HYPERVISOR_grant_table_op, .status = GNTST_eagain});
    simulation.fault(faults);
    simulation.add_domain({.main = [] {
        gnttab_copy ops[4]{};
        CHECK(hypercall::grant_table(GNTTABOP_copy, std::span<gnttab_copy>(ops)).has_value());
        CHECK(std::ranges::count(ops, GNTST_eagain, &gnttab_copy::status) == 1);
    }});
    CHECK(simulation.run().finished());
}

TEST_CASE("victims are destroyed sooner or later") {
    Simulation simulation(1);
    Domain& victim = simulation.add_domain({.main = [] {
        for (;;) hypercall::yield();
    }});
    simulation.fault({.destroyed_domains = 0.01, .victims = {&victim}});
    CHECK(simulation.run().finished());
    CHECK(victim.destroyed());
    CHECK(victim.leaks() == "");
}
