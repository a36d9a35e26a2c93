// SPDX-License-Identifier: BSD-3-Clause
// The whole way, in domains of the simulated hypervisor: xenstored, event, work, hypercall.
#include "../../../../test/xen/domains/image.hpp"

#include <unicore/memory/pages.hpp>
#include <unicore/sched.hpp>
#include <unicore/xen/balloon.hpp>
#include <unicore/xen/balloon/config.hpp>
#include <unicore/xen/guest.hpp>
#include <unicore/xen/simulator/cases.hpp>

#include <xen/memory.h>

#include <catch2/catch.hpp>

#include <cstring>
#include <string>
#include <utility>
#include <vector>

using namespace unicore;
using namespace unicore::test;
using namespace std::chrono_literals;
namespace balloon = xen::balloon;
namespace pages = memory::pages;
using memory::pages::Pages;
using simulator::Domain;
using simulator::Outcome;
using simulator::Simulation;
using simulator::StoreDaemon;

namespace unicore::xen::balloon {
Result<void> start() noexcept;
}

namespace {

constexpr std::size_t reserve = balloon::config::reserve * 1024 / page_size;
constexpr std::size_t memory_pages = 1024 + 16;
/// With the pages of console and store, which the builder puts among the domain's own.
constexpr std::size_t built_with = memory_pages + 2;

/// A domain with a balloon, and its toolstack.
struct World {
    explicit World(std::uint64_t seed, bool paravirtual, std::function<void(World&)> body)
        : store(seed),
          simulation(seed),
          domain(simulation.add_domain({.paravirtual = paravirtual,
                                        .memory_pages = memory_pages,
                                        .store = &store,
                                        .main = image(simulation, [this, body] {
                                            REQUIRE(balloon::start().has_value());
                                            body(*this);
                                        })})) {
        simulation.tracing(false);
        target(built_with * 4);
    }

    Outcome run() { return simulation.run(2'000'000); }

    std::string path() const { return "/local/domain/" + std::to_string(domain.id()) + "/memory/target"; }
    void target(std::string_view text) {
        store.tree().write(path(), text);
        store.deliver();
    }
    void target(std::size_t kib) { target(std::string_view(std::to_string(kib))); }
    void remove() {
        store.tree().remove(path());
        store.deliver();
    }

    // For the domain's code, which the store must not be served by.
    void set(auto value) { later([this, value] { target(value); }); }
    void later(std::function<void()> action) {
        simulation.at(simulation.now() + 1us, std::move(action));
        REQUIRE(sched::sleep_for(10ms).has_value());
    }
    /// How many pages the hypervisor has of it, as both see it.
    std::size_t given() const {
        const std::size_t given = built_with - domain.usage().frames;
        CHECK(balloon::usage().given.value == given);
        return given;
    }

    StoreDaemon store;
    Simulation simulation;
    Domain& domain;
};

void in_both(const std::function<void(World&)>& body) {
    for (const bool paravirtual : {false, true}) {
        CAPTURE(paravirtual);
        World world(3, paravirtual, body);
        const Outcome outcome = world.run();
        INFO(outcome.report);
        CHECK(outcome.finished());
        CHECK(world.domain.leaks() == "");
        CHECK(world.domain.usage().frames == built_with);
    }
}

std::size_t free_pages() {
    const pages::Usage usage = pages::usage();
    return usage.total.value - usage.taken.value;
}

}  // namespace

TEST_CASE("a domain gives what the toolstack asks for, to the page, and takes it back") {
    in_both([](World& world) {
        REQUIRE(sched::sleep_for(10ms).has_value());
        CHECK(world.given() == 0);
        world.set(built_with * 4 - 1024);
        CHECK(world.given() == 256);
        CHECK(free_pages() == memory_pages - 257);
        world.set(built_with * 4 - 2048);
        CHECK(world.given() == 512);
        world.set(built_with * 4 - 2052);
        CHECK(world.given() == 513);
        world.set(built_with * 4 - 2053);  // a part of a page cannot be given: it is given whole
        CHECK(world.given() == 514);
        world.set(built_with * 4 - 1024);
        CHECK(world.given() == 256);
        world.set(built_with * 4);
        CHECK(world.given() == 0);
        CHECK(pages::usage().taken.value == 0);
    });
}

TEST_CASE("a target from before the start is met") {
    for (const bool paravirtual : {false, true}) {
        World world(1, paravirtual, [](World& world) {
            REQUIRE(sched::sleep_for(10ms).has_value());
            CHECK(world.given() == 256);
        });
        world.target(built_with * 4 - 1024);
        CHECK(world.run().finished());
        CHECK(world.domain.usage().frames == built_with - 256);
    }
}

TEST_CASE("a domain never gets more than it was built with") {
    in_both([](World& world) {
        for (const char* target : {"4172", "1048576", "18446744073709551615"}) {
            world.set(target);
            CHECK(world.given() == 0);
            CHECK(balloon::usage().wanted.value == 0);
        }
    });
}

TEST_CASE("the application keeps a reserve, whatever the toolstack wants") {
    in_both([](World& world) {
        for (const std::size_t target : {std::size_t{0}, std::size_t{3}, std::size_t{1024}}) {
            world.set(target);
            CHECK(free_pages() == reserve);
            CHECK(world.given() == memory_pages - reserve - 2);  // 784, in two pages of notes
            CHECK(balloon::usage().wanted.value == built_with - target / 4);
        }
        {
            // What it takes of the reserve is not there for the toolstack, and what it frees is.
            const Pages taken = Pages::create(PageCount{reserve / 2}).value();
            balloon::go_on();
            REQUIRE(sched::sleep_for(10ms).has_value());
            CHECK(free_pages() == reserve - reserve / 2);
        }
        const std::size_t before = world.given();
        {
            const Pages taken = Pages::create(PageCount{100}).value();
            world.set(std::size_t{4 * 1000});
            world.set(std::size_t{0});
            CHECK(world.given() == before - 100);
        }
        CHECK(free_pages() == reserve + 100);
        balloon::go_on();
        REQUIRE(sched::sleep_for(10ms).has_value());
        CHECK(world.given() == before);
        world.set(built_with * 4);
    });
}

TEST_CASE("a target that makes no sense changes nothing") {
    in_both([](World& world) {
        world.set(built_with * 4 - 1024);
        const std::string null("40\0" "96", 5), long_number(300, '1'), zeros = std::string(24, '0') + "9";
        const std::vector<std::string> odd = {"", "-1", "0x1000", "1e3", " 4096", "4096 ", "4096\n", "4096KiB", "\xff",
                                              "18446744073709551616", null, long_number, zeros, std::string(2000, 'x')};
        for (const std::string& target : odd) {
            INFO(target);
            world.set(std::string_view(target));
            CHECK(world.given() == 256);
        }
        world.later([&] { world.remove(); });
        CHECK(world.given() == 256);
        world.set(built_with * 4 - 400);
        CHECK(world.given() == 100);
        world.set(built_with * 4);
    });
}

TEST_CASE("frames that the hypervisor does not have come when it is asked again") {
    in_both([](World& world) {
        world.set(built_with * 4 - 2400);
        CHECK(world.given() == 600);
        world.simulation.fault({.failing_frames = 1});
        world.set(built_with * 4);
        CHECK(world.given() == 600);
        for (int tries = 0; tries < 100 && world.given() > 300; ++tries) {
            world.simulation.fault({.failing_frames = 0.2});
            balloon::go_on();
            REQUIRE(sched::sleep_for(10ms).has_value());
        }
        CHECK(world.given() > 0);
        CHECK(world.given() <= 300);
        world.simulation.fault({});
        balloon::go_on();
        REQUIRE(sched::sleep_for(10ms).has_value());
        CHECK(world.given() == 0);
    });
}

TEST_CASE("frames that the hypervisor does not take stay the application's") {
    in_both([](World& world) {
        world.simulation.fault({.stuck_frames = 1});
        world.set(built_with * 4 - 2400);
        CHECK(world.given() == 0);
        CHECK(pages::usage().taken.value == 0);
        world.simulation.fault({.stuck_frames = 0.05});
        for (int tries = 0; tries < 100 && world.given() != 600; ++tries) {
            balloon::go_on();
            REQUIRE(sched::sleep_for(10ms).has_value());
            CHECK(pages::usage().taken.value == world.given() + (world.given() + 509) / 510);
        }
        CHECK(world.given() == 600);
        world.simulation.fault({.hypercalls = {{.number = __HYPERVISOR_memory_op}}});
        world.set(built_with * 4 - 4);
        CHECK(world.given() == 600);
        world.simulation.fault({});
        world.set(built_with * 4);
    });
}

TEST_CASE("the target changes while it is worked on") {
    in_both([](World& world) {
        for (std::uint64_t steps = 50; steps < 2000; steps += 97) {
            world.simulation.after_steps(steps, [&world] { world.target(built_with * 4 - 3000); });
            world.simulation.after_steps(2 * steps, [&world] { world.target(built_with * 4 - 40); });
            REQUIRE(sched::sleep_for(20ms).has_value());
        }
        CHECK(world.given() == 10);
        world.set(built_with * 4);
    });
}

TEST_CASE("a domain without a store has no balloon, and boots") {
    Simulation simulation(1);
    simulation.add_domain({.main = image(simulation, [] {
        CHECK(balloon::start().has_value());
        balloon::go_on();
        CHECK(balloon::usage().given.value == 0);
    })});
    CHECK(simulation.run().finished());
}

namespace {

/// What an application does with its memory, and the toolstack with its domain.
void live(World& world) {
    std::vector<Pages> taken;
    for (int round = 0; round < 60; ++round) {
        Simulation& simulation = world.simulation;
        switch (simulation.random(6)) {
            case 0:
                if (auto more = Pages::create(PageCount{1 + simulation.random(150)})) {
                    std::memset(more->bytes().data(), round, more->bytes().size());
                    taken.push_back(std::move(*more));
                }
                break;
            case 1:
                if (!taken.empty()) std::swap(taken[simulation.random(taken.size())], taken.back()), taken.pop_back();
                balloon::go_on();
                break;
            case 2: world.later([&world] { world.remove(); }); break;
            case 3: world.later([&world] { world.target("nonsense"); }); break;
            default:
                simulation.after_steps(1 + simulation.random(300), [&world, kib = simulation.random(5 * memory_pages)] {
                    world.target(kib);
                });
        }
        if (simulation.random(2) == 0) static_cast<void>(sched::sleep_for(1us * simulation.random(500)));
        // What it has taken is its own, all the time.
        REQUIRE(world.domain.usage().frames <= built_with);
        for (const Pages& each : taken) each.bytes()[0] = std::byte{1};
    }
}

}  // namespace

TEST_CASE("whatever happens, the domain lives, and has at the end what it is to have") {
    simulator::for_each_case(40, [](std::uint64_t seed) {
        INFO(simulator::replay(seed));
        World world(seed, seed % 2 == 0, [](World& world) {
            live(world);
            world.simulation.fault({});
            world.store.fault({});
            REQUIRE(sched::sleep_for(100ms).has_value());
            world.set(built_with * 4);
        });
        world.store.fault({.late = 0.2, .in_pieces = 0.2, .longest_delay = 200us, .spurious_watches = 0.2});
        world.simulation.fault({.duplicated_events = 0.05,
                                .delayed_events = 0.1,
                                .longest_delay = 200us,
                                .spurious_events = 0.02,
                                .spurious_wake_ups = 0.05,
                                .failing_frames = seed % 3 == 0 ? 0.01 : 0,
                                .stuck_frames = seed % 5 == 0 ? 0.01 : 0});
        const Outcome outcome = world.run();
        INFO(outcome.report);
        REQUIRE(outcome.finished());
        REQUIRE(world.domain.leaks() == "");
        REQUIRE(world.domain.usage().frames == built_with);
    });
}

TEST_CASE("a hostile xenstored costs the domain no more than its reserve leaves it") {
    simulator::for_each_case(40, [](std::uint64_t seed) {
        INFO(simulator::replay(seed));
        World world(seed, seed % 2 == 0, live);
        world.store.fault({.unknown_ids = 0.05,
                           .wrong_types = 0.02,
                           .endless = 0.01,
                           .repeated = 0.05,
                           .nonsense = 0.2,
                           .odd_events = 0.1,
                           .bad_indices = 0.01,
                           .silence = 0.05});
        const Outcome outcome = world.run();
        INFO(outcome.report);
        REQUIRE(outcome.finished());
        REQUIRE(world.domain.shutdown_reason() == 0u);
    });
}
