// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/platform/interrupts.hpp>
#include <unicore/xen/guest.hpp>
#include <unicore/xen/hypercall.hpp>
#include <unicore/xen/simulator.hpp>

#include <catch2/catch.hpp>

#include <string>

using namespace unicore;
using namespace unicore::xen;
using namespace std::chrono_literals;
using simulator::Domain;
using simulator::Outcome;
using simulator::Simulation;

TEST_CASE("a domain runs its code to the end") {
    Simulation simulation(1);
    int runs = 0;
    Domain& domain = simulation.add_domain({.main = [&] {
        ++runs;
        CHECK(hypercall::call(__HYPERVISOR_xen_version, XENVER_version, 0) == (4 << 16 | 17));
        hypercall::console_write("hello");
    }});
    CHECK(simulation.run().finished());
    CHECK(runs == 1);
    CHECK(domain.shutdown_reason() == SHUTDOWN_poweroff);
    CHECK(domain.console_output() == "hello");
    CHECK(domain.leaks() == "");
}

TEST_CASE("a domain says why it shuts down") {
    Simulation simulation(1);
    Domain& domain = simulation.add_domain({.main = [&] {
        sched_shutdown shutdown{SHUTDOWN_reboot};
        static_cast<void>(hypercall::perform(shutdown));
        FAIL("it goes on");
    }});
    CHECK(simulation.run().finished());
    CHECK(domain.shutdown_reason() == SHUTDOWN_reboot);
}

TEST_CASE("what leaves a domain's main leaves the run") {
    Simulation simulation(1);
    simulation.add_domain({.main = [] { throw std::string("wrong"); }});
    CHECK_THROWS_AS(simulation.run(), std::string);
}

TEST_CASE("everybody waits for ever: a deadlock, with a report of who waits") {
    Simulation simulation(1);
    simulation.add_domain({.name = "sleeper", .main = [] {
        const platform::MaskGuard masked;
        for (;;) platform::Interrupts::unmask_and_wait();
    }});
    const Outcome outcome = simulation.run();
    CHECK(outcome.end == Outcome::End::deadlock);
    CHECK_THAT(outcome.report, Catch::Contains("sleeper waits for an event"));
}

TEST_CASE("going round for ever ends at the step limit") {
    Simulation simulation(1);
    simulation.add_domain({.name = "runner", .main = [] {
        for (;;) hypercall::yield();
    }});
    const Outcome outcome = simulation.run(1000);
    CHECK(outcome.end == Outcome::End::step_limit);
    CHECK_THAT(outcome.report, Catch::Contains("runner runs"));
}

TEST_CASE("a destroyed domain's code goes no further") {
    Simulation simulation(1);
    int rounds = 0;
    Domain& victim = simulation.add_domain({.main = [&] {
        for (std::string text;; text += "something on the heap of a stack that is never unwound") {
            ++rounds;
            hypercall::yield();
        }
    }});
    simulation.after_steps(50, [&] { simulation.destroy(victim); });
    CHECK(simulation.run().finished());
    CHECK(victim.destroyed());
    CHECK(rounds > 1);
    CHECK(rounds < 51);
}
