// SPDX-License-Identifier: BSD-3-Clause
#include "domains.hpp"

#include <xen/io/console.h>

#include <algorithm>

using namespace unicore::test;

namespace {

xencons_interface& ring() { return *static_cast<xencons_interface*>(guest::console().page); }

void write(std::string_view text) {
    for (const char character : text) {
        until([] { return ring().out_prod - ring().out_cons < sizeof ring().out; });
        ring().out[MASK_XENCONS_IDX(ring().out_prod, ring().out)] = character;
        __atomic_store_n(&ring().out_prod, ring().out_prod + 1, __ATOMIC_RELEASE);
        if (character == '\n' || ring().out_prod - ring().out_cons == sizeof ring().out)
            REQUIRE(send(guest::console().port) == 0);
    }
}

/// Answers each event with one of its own, and counts.
struct Echo final : Service {
    void on_attach(simulator::Attachment& attachment) override {
        CHECK(std::ranges::all_of(attachment.page(), [](std::byte byte) { return byte == std::byte{}; }));
        attachment.page()[0] = std::byte{42};
        ++attached;
    }
    void on_event(simulator::Attachment& attachment) override {
        attachment.page()[1] = static_cast<std::byte>(std::to_integer<int>(attachment.page()[1]) + 1);
        ++events;
        attachment.notify();
    }
    void on_detach(simulator::Attachment& attachment) override {
        CHECK(attachment.page()[0] == std::byte{42});
        ++detached;
    }
    int attached = 0, events = 0, detached = 0;
};

}  // namespace

TEST_CASE("the console's output is collected, its last words too") {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        Simulation simulation(seed);
        std::string long_text(10'000, 'x');
        long_text += '\n';
        Domain& domain = simulation.add_domain({.main = [&] { write("Hello.\n"), write(long_text); }});
        const Outcome outcome = simulation.run();
        INFO(outcome.report);
        CHECK(outcome.finished());
        CHECK(domain.console_output() == "Hello.\n" + long_text);
        CHECK(domain.leaks() == "");
    }
}

TEST_CASE("what is typed reaches the domain") {
    Simulation simulation(1);
    std::string read;
    Domain& domain = simulation.add_domain({.main = [&] {
        until([&] {
            while (ring().in_prod != ring().in_cons) read += ring().in[MASK_XENCONS_IDX(ring().in_cons++, ring().in)];
            CHECK(send(guest::console().port) == 0);
            return read.size() == 3000;
        });
    }});
    domain.console_input(std::string(3000, 'y'));
    CHECK(simulation.run().finished());
    CHECK(read == std::string(3000, 'y'));
}

TEST_CASE("nonsense in the console ring is not output") {
    Simulation simulation(1);
    Domain& domain = simulation.add_domain({.main = [&] {
        for (int i = 0; i < 200; ++i) {
            ring().out_prod = static_cast<XENCONS_RING_IDX>(simulation.random(~0u));
            ring().out_cons = ring().out_prod - 2049 - static_cast<XENCONS_RING_IDX>(simulation.random(1u << 31));
            ring().in_prod = ring().in_cons - 1;
            CHECK(send(guest::console().port) == 0);
            simulator::pause();
        }
    }});
    domain.console_input("text");
    CHECK(simulation.run().finished());
    CHECK(domain.console_output() == "");
}

TEST_CASE("a service is told of domains that come, send and go") {
    Echo echo;
    Simulation simulation(1);
    for (int i = 0; i < 2; ++i) {
        Domain& domain = simulation.add_domain({.paravirtual = i == 1, .store = &echo, .main = [] {
            const auto [page, port] = guest::store();
            auto* const bytes = static_cast<std::byte*>(page);
            CHECK(bytes[0] == std::byte{42});
            until([&] { return pending(port) || (send(port), false); });
            CHECK(bytes[1] != std::byte{});
            CHECK(status(port).u.interdomain.dom == 0);
        }});
        CHECK(echo.attached == i + 1);
        CHECK(simulation.run().finished());
        CHECK(domain.leaks() == "");
        CHECK(echo.detached == i);
        simulation.destroy(domain);
        CHECK(simulation.run().finished());
        CHECK(echo.detached == i + 1);
    }
    CHECK(echo.events >= 2);
}

TEST_CASE("without a store there is none; dom0 is the initial domain") {
    Simulation simulation(1);
    simulation.add_domain({.main = [] {
        CHECK(guest::store().page == nullptr);
        CHECK_FALSE(guest::initial());
    }});
    simulation.add_domain({.id = 0, .main = [] { CHECK(guest::initial()); }});
    CHECK(simulation.run().finished());
}

TEST_CASE("a domain that closes its service's port is not notified") {
    Echo echo;
    Simulation simulation(1);
    simulation.add_domain({.store = &echo, .main = [] {
        CHECK(send(guest::store().port) == 0);
        CHECK(close_port(guest::store().port) == 0);
        CHECK(allocate(1) == guest::store().port);
        for (int i = 0; i < 20; ++i) hypercall::yield();
        CHECK_FALSE(pending(guest::store().port));
    }});
    CHECK(simulation.run().finished());
}
