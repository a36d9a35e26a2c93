// SPDX-License-Identifier: BSD-3-Clause
// A device between domains of the simulated hypervisor: ring, events, grants, store and bus together.
#include "echo.hpp"
#include "image.hpp"

#include <unicore/power.hpp>

#include <catch2/catch.hpp>

using namespace unicore;
using namespace unicore::test;
using namespace std::chrono_literals;
using simulator::Simulation;
using simulator::StoreDaemon;

namespace {

/// A back-end's domain: serves for ever.
void serve_for_ever() {
    EchoService service;
    REQUIRE(service.start().has_value());
    while (service.serve(time::never)) {}
}

simulator::Domain& add_back(Simulation& simulation, StoreDaemon& store) {
    return simulation.add_domain(
        {.name = "back", .store = &store, .background = true, .main = image(simulation, serve_for_ever)});
}

std::uint64_t ask(EchoFront& front, std::uint32_t number) {
    return front.square(number, time::Monotonic::now() + 10s).value_or(0);
}

}  // namespace

TEST_CASE("a front-end and a back-end find each other, work, and part without leaks") {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        INFO("seed " << seed);
        StoreDaemon store(seed);
        Simulation simulation(seed);
        auto& back = add_back(simulation, store);
        unsigned right = 0;
        auto& front = simulation.add_domain({.name = "front", .store = &store, .main = image(simulation, [&] {
            EchoFront echo(0);
            REQUIRE(echo.start().has_value());
            for (std::uint32_t i = 1; i <= 100; ++i) right += ask(echo, i) == i * i;
            echo.close();
        })});
        plug(store, front.id(), back.id(), 0);
        const auto outcome = simulation.run();
        INFO(outcome.report);
        REQUIRE(outcome.finished());
        CHECK(right == 100);
        CHECK(leaks(front) == "");
        CHECK(store.tree().watches(front.id()) == 0);
    }
}

TEST_CASE("several front-ends have one back-end domain, and devices come and go") {
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
        INFO("seed " << seed);
        StoreDaemon store(seed);
        store.fault({.late = 0.3, .in_pieces = 0.3, .spurious_watches = 0.2, .refused_transactions = 0.2});
        Simulation simulation(seed);
        auto& back = add_back(simulation, store);
        unsigned right = 0;
        for (unsigned i = 0; i < 3; ++i) {
            auto& front = simulation.add_domain({.store = &store, .main = image(simulation, [&] {
                for (unsigned round = 0; round < 2; ++round) {
                    EchoFront echo(0);
                    REQUIRE(echo.start().has_value());
                    for (std::uint32_t i = 1; i <= 10; ++i) right += ask(echo, i) == i * i;
                }
            })});
            plug(store, front.id(), back.id(), 0);
        }
        const auto outcome = simulation.run();
        INFO(outcome.report);
        REQUIRE(outcome.finished());
        CHECK(right == 60);
    }
}

TEST_CASE("a back-end's domain dies, and another takes over") {
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
        INFO("seed " << seed);
        StoreDaemon store(seed);
        Simulation simulation(seed);
        simulator::Domain& first = add_back(simulation, store);
        unsigned before = 0, after = 0;
        simulator::Domain* front = nullptr;
        front = &simulation.add_domain({.name = "front", .store = &store, .main = image(simulation, [&] {
            EchoFront echo(0);
            REQUIRE(echo.start().has_value());
            for (std::uint32_t i = 1; i <= 10; ++i) before += ask(echo, i) == i * i;
            simulation.at(simulation.now() + 1ms, [&] {
                simulation.destroy(first);
                unplug(store, front->id(), first.id(), 1000);  // nothing of ours
                store.tree().remove("/local/domain/" + std::to_string(first.id()));
                store.deliver();
            });
            simulation.at(simulation.now() + 5ms, [&] { plug(store, front->id(), add_back(simulation, store).id(), 0); });
            for (std::uint32_t i = 1; i <= 1000 && after < 10; ++i) {
                after += ask(echo, i) == i * i && echo.device().other_domain() != first.id();
                static_cast<void>(sched::sleep_for(1ms));
            }
        })});
        plug(store, front->id(), first.id(), 0);
        const auto outcome = simulation.run();
        INFO(outcome.report);
        REQUIRE(outcome.finished());
        CHECK(before == 10);
        CHECK(after == 10);
        CHECK(leaks(*front) == "");
    }
}

TEST_CASE("a device is taken away while it is used") {
    StoreDaemon store(1);
    Simulation simulation(1);
    auto& back = add_back(simulation, store);
    bool gone = false;
    simulator::Domain* front = nullptr;
    front = &simulation.add_domain({.name = "front", .store = &store, .main = image(simulation, [&] {
        EchoFront echo(0);
        REQUIRE(echo.start().has_value());
        CHECK(ask(echo, 12) == 144);
        simulation.at(simulation.now() + 1ms, [&] { unplug(store, front->id(), back.id(), 0); });
        const auto outcome =
            echo.device().changes().wait([&] { return echo.device().gone(); }, time::Monotonic::now() + 1s);
        gone = outcome.has_value();
        CHECK(echo.square(1, time::Monotonic::now() + 1ms).error() == Error::timed_out);
        xen::grants::reclaim();  // what the back-end still had when we heard of it
    })});
    plug(store, front->id(), back.id(), 0);
    REQUIRE(simulation.run().finished());
    CHECK(gone);
    CHECK(leaks(*front) == "");
    CHECK(back.usage().mappings == 0);
    CHECK_FALSE(store.tree().read("/local/domain/" + std::to_string(front->id()) + "/device/echo/0/state").has_value());
}

TEST_CASE("an image that is asked to stop closes its devices in order") {
    StoreDaemon store(2);
    Simulation simulation(2);
    auto& back = add_back(simulation, store);
    auto& front = simulation.add_domain({.name = "front", .store = &store, .main = image(simulation, [&] {
        EchoFront echo(0);
        REQUIRE(echo.start().has_value());
        CHECK(ask(echo, 12) == 144);
        power::request_stop();
        CHECK(echo.square(1, time::never).error() == Error::stopped);
    })});
    plug(store, front.id(), back.id(), 0);
    REQUIRE(simulation.run().finished());
    CHECK(store.tree().read("/local/domain/" + std::to_string(front.id()) + "/device/echo/0/state") == "6");
    CHECK(leaks(front) == "");
}
