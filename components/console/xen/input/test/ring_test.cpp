// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/base/result.hpp>
#include <unicore/console/source.hpp>
#include <unicore/platform/interrupts.hpp>
#include <unicore/sched.hpp>
#include <unicore/xen/simulator.hpp>

#include <catch2/catch.hpp>

#include <string>

using namespace unicore;
using platform::Interrupts;
using platform::MaskGuard;
using xen::simulator::Domain;
using xen::simulator::Simulation;

namespace unicore::xen::events {
Result<void> start() noexcept;
}
namespace unicore::console::xen::input {
Result<void> start() noexcept;
}

// There is one thread, which waits by itself.
void sched::WaitQueue::wake_one() noexcept {}
void sched::WaitQueue::wake_all() noexcept {}
Result<void> sched::WaitQueue::wait(Predicate condition, time::Instant) noexcept {
    const MaskGuard masked;
    while (!condition()) Interrupts::unmask_and_wait();
    return {};
}

TEST_CASE("a domain reads what is typed at its console, more than the ring holds") {
    for (const bool paravirtual : {false, true})
        for (std::uint64_t seed = 0; seed < 5; ++seed) {
            CAPTURE(paravirtual, seed);
            std::string typed;
            for (unsigned i = 0; i != 3000; ++i) typed += static_cast<char>('a' + i % 23);
            std::string got;
            Simulation simulation(seed);
            Domain& domain = simulation.add_domain({.paravirtual = paravirtual, .main = [&] {
                REQUIRE(xen::events::start().has_value());
                REQUIRE(console::xen::input::start().has_value());
                console::Source& ring = *console::first_source();
                REQUIRE(ring.open().has_value());
                CHECK(ring.next->open().error() == Error::not_found);  // it is not the initial domain
                char text[100];
                while (got.size() != typed.size()) {
                    REQUIRE(console::wait_for_arrival([&] { return ring.pending(); }, time::never).has_value());
                    got.append(text, ring.take(text).size);
                }
                CHECK(ring.take(text).size == 0);
            }});
            domain.console_input(typed);
            const auto outcome = simulation.run();
            INFO(outcome.report);
            CHECK(outcome.finished());
            CHECK(got == typed);
            CHECK(domain.leaks() == "");
        }
}
