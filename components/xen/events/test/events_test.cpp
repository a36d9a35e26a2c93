// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/platform/interrupts.hpp>
#include <unicore/xen/events.hpp>
#include <unicore/xen/events/config.hpp>
#include <unicore/xen/guest.hpp>
#include <unicore/xen/hypercall.hpp>
#include <unicore/xen/simulator.hpp>
#include <unicore/xen/simulator/cases.hpp>

#include <catch2/catch.hpp>

#include <functional>
#include <optional>
#include <vector>

using namespace unicore;
using namespace unicore::xen;
using events::EventChannel;
using events::Handler;
using platform::Interrupts;
using platform::MaskGuard;
using simulator::Domain;
using simulator::Faults;
using simulator::Outcome;
using simulator::Simulation;

namespace unicore::xen::events {
Result<void> start() noexcept;
}

namespace {

void count(void* counter) noexcept { ++*static_cast<unsigned*>(counter); }
Handler counts(unsigned& counter) { return {count, &counter}; }

void call(void* function) noexcept { (*static_cast<std::function<void()>*>(function))(); }
Handler calls(std::function<void()>& function) { return {call, &function}; }

bool is(const Result<EventChannel>& result, Error error) { return !result && result.error() == error; }

/// Runs `main` as a domain of either kind, with several seeds; nothing may be left open.
void in_a_domain(const std::function<void()>& main, evtchn_port_t last_port = 1023) {
    for (const bool paravirtual : {false, true})
        for (std::uint64_t seed = 0; seed < 5; ++seed) {
            CAPTURE(paravirtual, seed);
            Simulation simulation(seed);
            Domain& domain = simulation.add_domain({.paravirtual = paravirtual, .last_port = last_port, .main = [&] {
                REQUIRE(events::start().has_value());
                main();
            }});
            const Outcome outcome = simulation.run();
            INFO(outcome.report);
            CHECK(outcome.finished());
            CHECK(domain.leaks() == "");
        }
}

/// Waits until `condition` holds, which only an event changes.
template <typename Condition>
void wait(Condition condition) {
    const MaskGuard masked;
    while (!condition()) Interrupts::unmask_and_wait();
}

}  // namespace

TEST_CASE("an event calls the handler of the other end, once") {
    in_a_domain([] {
        unsigned here = 0, there = 0;
        auto listener = EventChannel::allocate(DOMID_SELF, counts(here)).value();
        auto connection = EventChannel::connect(DOMID_SELF, listener.port(), counts(there)).value();
        CHECK(there == 1);  // something may have been sent before
        connection.notify();
        CHECK(here == 1);
        listener.notify();
        listener.notify();
        CHECK(there == 3);
        {
            const MaskGuard masked;
            connection.notify();
            connection.notify();
            CHECK(here == 1);
        }
        CHECK(here == 2);
        CHECK(events::unknown_events() == 0);
    });
}

TEST_CASE("a masked channel keeps one event for later") {
    in_a_domain([] {
        unsigned here = 0, there = 0;
        auto listener = EventChannel::allocate(DOMID_SELF, counts(here)).value();
        auto connection = EventChannel::connect(DOMID_SELF, listener.port(), counts(there)).value();
        listener.mask();
        connection.notify();
        connection.notify();
        CHECK(here == 0);
        listener.unmask();
        CHECK(here == 1);
        listener.mask();
        listener.unmask();
        CHECK(here == 1);
        connection.notify();
        CHECK(here == 2);
    });
}

TEST_CASE("a handler may close its own channel, and others that are pending") {
    in_a_domain([] {
        std::optional<EventChannel> channels[3];
        unsigned called = 0, ignored = 0;
        std::function<void()> close_all = [&] {
            ++called;
            for (auto& channel : channels) channel.reset();
        };
        std::vector<EventChannel> senders;
        for (auto& channel : channels) {
            channel = EventChannel::allocate(DOMID_SELF, calls(close_all)).value();
            senders.push_back(EventChannel::connect(DOMID_SELF, channel->port(), counts(ignored)).value());
        }
        {
            const MaskGuard masked;
            for (auto& sender : senders) sender.notify();
        }
        CHECK(called == 1);
        for (auto& sender : senders) sender.notify();
        CHECK(called == 1);
        CHECK(events::unknown_events() == 0);
    });
}

TEST_CASE("an event that was for a closed channel does not reach the next with its port") {
    in_a_domain([] {
        unsigned ignored = 0, fresh = 0;
        EventChannel low, high;
        std::function<void()> replace = [&] {
            const evtchn_port_t port = high.port();
            high = EventChannel();
            high = EventChannel::allocate(DOMID_SELF, counts(fresh)).value();
            CHECK(high.port() == port);
        };
        low = EventChannel::allocate(DOMID_SELF, calls(replace)).value();
        high = EventChannel::allocate(DOMID_SELF, counts(ignored)).value();
        auto to_low = EventChannel::connect(DOMID_SELF, low.port(), counts(ignored)).value();
        auto to_high = EventChannel::connect(DOMID_SELF, high.port(), counts(ignored)).value();
        {
            const MaskGuard masked;
            to_low.notify();
            to_high.notify();
        }
        CHECK(fresh == 0);
    });
}

TEST_CASE("a handler may open channels, and send by its own") {
    in_a_domain([] {
        std::optional<EventChannel> late;
        unsigned called = 0, answers = 0;
        EventChannel listener;
        std::function<void()> open = [&] {
            if (++called == 1) late = EventChannel::allocate(DOMID_SELF, counts(called)).value();
            listener.notify();
        };
        listener = EventChannel::allocate(DOMID_SELF, calls(open)).value();
        auto connection = EventChannel::connect(DOMID_SELF, listener.port(), counts(answers)).value();
        connection.notify();
        CHECK(called == 1);
        CHECK(answers == 2);
        CHECK(late.has_value());
    });
}

TEST_CASE("a port whose events never cease does not keep others waiting") {
    in_a_domain([] {
        unsigned storm = 0, ignored = 0, other = 0;
        EventChannel from, self;
        std::function<void()> again = [&] {
            if (++storm < 50) self.notify();
        };
        auto low = EventChannel::allocate(DOMID_SELF, calls(again)).value();
        self = EventChannel::connect(DOMID_SELF, low.port(), counts(ignored)).value();
        std::vector<EventChannel> between;
        for (int i = 0; i < 100; ++i) between.push_back(EventChannel::allocate(DOMID_SELF, counts(ignored)).value());
        unsigned storm_then = 0;
        std::function<void()> note = [&] { ++other, storm_then = storm; };
        auto high = EventChannel::allocate(DOMID_SELF, calls(note)).value();
        from = EventChannel::connect(DOMID_SELF, high.port(), counts(ignored)).value();
        {
            const MaskGuard masked;
            self.notify();
            from.notify();
        }
        CHECK(storm == 50);
        CHECK(other == 1);
        CHECK(storm_then == 1);
    });
}

TEST_CASE("channels move") {
    in_a_domain([] {
        unsigned here = 0, there = 0;
        auto first = EventChannel::allocate(DOMID_SELF, counts(here)).value();
        auto sender = EventChannel::connect(DOMID_SELF, first.port(), counts(there)).value();
        EventChannel second = std::move(first);
        CHECK(first.port() == 0);
        sender.notify();
        CHECK(here == 1);
        EventChannel third;
        third = std::move(second);
        sender.notify();
        CHECK(here == 2);
        third = EventChannel();
        second = EventChannel();
    });
}

TEST_CASE("virtual interrupts") {
    in_a_domain([] {
        unsigned ticks = 0;
        auto timer = EventChannel::bind_virq(VIRQ_TIMER, counts(ticks)).value();
        CHECK(is(EventChannel::bind_virq(VIRQ_TIMER, counts(ticks)), Error::busy));
        CHECK(is(EventChannel::bind_virq(1000, counts(ticks)), Error::invalid_argument));
        CHECK(hypercall::set_timer(5000).has_value());
        wait([&] { return ticks == 1; });
        timer = EventChannel();
        timer = EventChannel::bind_virq(VIRQ_TIMER, counts(ticks)).value();
    });
}

TEST_CASE("what cannot be connected") {
    in_a_domain([] {
        unsigned ignored = 0;
        CHECK(is(EventChannel::connect(99, 3, counts(ignored)), Error::not_found));
        CHECK(is(EventChannel::connect(DOMID_SELF, 3, counts(ignored)), Error::invalid_argument));
        CHECK(is(EventChannel::adopt(0, counts(ignored)), Error::out_of_range));
        CHECK(is(EventChannel::adopt(events::config::ports, counts(ignored)), Error::out_of_range));
    });
}

TEST_CASE("ports end where the table ends, and none is left open") {
    in_a_domain(
        [] {
            unsigned ignored = 0;
            std::vector<EventChannel> channels;
            for (;;) {
                auto channel = EventChannel::allocate(DOMID_SELF, counts(ignored));
                if (!channel) {
                    CHECK(channel.error() == Error::out_of_range);
                    break;
                }
                channels.push_back(*std::move(channel));
            }
            CHECK(channels.back().port() == events::config::ports - 1);
            CHECK(is(EventChannel::bind_virq(VIRQ_TIMER, counts(ignored)), Error::out_of_range));
        },
        4095);
    in_a_domain(
        [] {
            unsigned ignored = 0;
            std::vector<EventChannel> channels;
            while (channels.size() < 9) channels.push_back(EventChannel::allocate(DOMID_SELF, counts(ignored)).value());
            CHECK(is(EventChannel::allocate(DOMID_SELF, counts(ignored)), Error::out_of_memory));
        },
        10);
}

namespace {

/// Notifies at the start and with each event.
struct Noisy final : simulator::Service {
    void on_attach(simulator::Attachment& attachment) override { attachment.notify(); }
    void on_event(simulator::Attachment& attachment) override { attachment.notify(); }
};

}  // namespace

TEST_CASE("the toolstack's ports are adopted, with what came before") {
    Noisy service;
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
        Simulation simulation(seed);
        Domain& domain = simulation.add_domain({.store = &service, .main = [] {
            REQUIRE(events::start().has_value());
            const evtchn_port_t port = guest::store().port;
            CHECK(events::unknown_events() == 1);
            unsigned called = 0;
            {
                auto store = EventChannel::adopt(port, counts(called)).value();
                CHECK(called == 1);
                CHECK(is(EventChannel::adopt(port, counts(called)), Error::busy));
                store.notify();
                wait([&] { return called == 2; });
                store.notify();
            }
            // Stays open: the service can still be heard, by whoever adopts it next.
            const unsigned before = called;
            for (int i = 0; i < 100; ++i) hypercall::yield();
            CHECK(called == before);
            auto store = EventChannel::adopt(port, counts(called)).value();
            wait([&] { return called != before || (store.notify(), false); });
        }});
        CHECK(simulation.run().finished());
        CHECK(domain.leaks() == "");
        CHECK(domain.usage().ports == 2);
    }
}

TEST_CASE("events for nobody are masked, counted, and come once") {
    in_a_domain([] {
        evtchn_alloc_unbound op{DOMID_SELF, DOMID_SELF, 0};
        REQUIRE(hypercall::perform(op).has_value());
        unsigned here = 0;
        auto sender = EventChannel::connect(DOMID_SELF, op.port, counts(here)).value();
        for (int i = 0; i < 10; ++i) sender.notify();
        CHECK(events::unknown_events() == 1);
        evtchn_close close{op.port};
        REQUIRE(hypercall::perform(close).has_value());
        // The next who gets the port is not deaf by the mask that is left.
        unsigned fresh = 0;
        auto listener = EventChannel::allocate(DOMID_SELF, counts(fresh)).value();
        REQUIRE(listener.port() == op.port);
        auto second = EventChannel::connect(DOMID_SELF, listener.port(), counts(here)).value();
        second.notify();
        CHECK(fresh == 1);
    });
}

namespace {

/// Two domains that send an event back and forth, `rounds` times.
struct PingPong {
    static constexpr unsigned rounds = 30;
    evtchn_port_t port = 0;

    void back() {
        REQUIRE(events::start().has_value());
        unsigned arrived = 0;
        auto channel = EventChannel::allocate(2, counts(arrived)).value();
        port = channel.port();
        for (unsigned round = 1; round <= rounds; ++round) {
            wait([&] { return arrived >= round; });
            channel.notify();
        }
    }
    void front() {
        REQUIRE(events::start().has_value());
        while (port == 0) hypercall::yield();
        unsigned arrived = 0;
        auto channel = EventChannel::connect(1, port, counts(arrived)).value();
        const unsigned start = arrived;
        for (unsigned round = 1; round <= rounds; ++round) {
            channel.notify();
            wait([&] { return arrived >= start + round; });
        }
    }
};

}  // namespace

TEST_CASE("two domains take turns, in any order of execution, however late and often events come") {
    simulator::for_each_case(100, [](std::uint64_t seed) {
        INFO(simulator::replay(seed));
        Simulation simulation(seed);
        PingPong game;
        Faults faults;
        if (seed % 2 != 0) faults = {.delayed_events = 0.3, .spurious_wake_ups = 0.3};
        simulation.fault(faults);
        Domain& back = simulation.add_domain({.paravirtual = (seed & 2) != 0, .main = [&] { game.back(); }});
        Domain& front = simulation.add_domain({.paravirtual = (seed & 4) != 0, .main = [&] { game.front(); }});
        const Outcome outcome = simulation.run();
        INFO(outcome.report);
        REQUIRE(outcome.finished());
        CHECK(back.leaks() == "");
        CHECK(front.leaks() == "");
    });
}

namespace {

/// Opens, uses and closes channels at random, counting what handlers see.
void do_anything(Simulation& simulation) {
    REQUIRE(events::start().has_value());
    unsigned seen = 0;
    std::vector<EventChannel> channels;
    const auto keep = [&](Result<EventChannel> channel) {
        if (channel) channels.push_back(*std::move(channel));
    };
    for (int i = 0; i < 200; ++i) {
        const auto any = [&]() -> EventChannel& { return channels[simulation.random(channels.size())]; };
        switch (simulation.random(channels.empty() ? 3 : 9)) {
            case 0: keep(EventChannel::allocate(static_cast<domid_t>(simulation.random(4)), counts(seen))); break;
            case 1:
                keep(EventChannel::connect(static_cast<domid_t>(simulation.random(4)),
                                           static_cast<evtchn_port_t>(simulation.random(12)), counts(seen)));
                break;
            case 2: keep(EventChannel::bind_virq(static_cast<unsigned>(simulation.random(3)), counts(seen))); break;
            case 3: any().mask(); break;
            case 4: any().unmask(); break;
            case 5: any() = std::move(channels.back()), channels.pop_back(); break;
            case 6: static_cast<void>(hypercall::set_timer(simulation.random(1000))); break;
            default: any().notify(); break;
        }
    }
    channels.clear();
    const unsigned before = seen;
    for (int i = 0; i < 10; ++i) hypercall::yield();
    CHECK(seen == before);
}

}  // namespace

TEST_CASE("channels at random, with everything that can go wrong") {
    simulator::for_each_case(60, [](std::uint64_t seed) {
        INFO(simulator::replay(seed));
        Simulation simulation(seed);
        Faults faults{.lost_events = 0.1,
                      .duplicated_events = 0.1,
                      .delayed_events = 0.1,
                      .spurious_events = 0.1,
                      .destroyed_domains = 0.0005};
        faults.hypercalls.push_back(
            {.number = __HYPERVISOR_event_channel_op, .command = EVTCHNOP_send, .probability = 0.1});
        faults.hypercalls.push_back(
            {.number = __HYPERVISOR_event_channel_op, .command = EVTCHNOP_alloc_unbound, .probability = 0.1});
        faults.hypercalls.push_back(
            {.number = __HYPERVISOR_event_channel_op, .command = EVTCHNOP_bind_interdomain, .probability = 0.1});
        std::vector<Domain*> domains;
        for (int i = 0; i < 3; ++i)
            domains.push_back(&simulation.add_domain(
                {.paravirtual = (seed >> i & 1) != 0, .main = [&] { do_anything(simulation); }}));
        if (seed % 2 != 0) {
            faults.victims = {domains[0]};
            simulation.fault(faults);
        }
        const Outcome outcome = simulation.run();
        INFO(outcome.report);
        CHECK(outcome.finished());
        for (const Domain* const domain : domains) CHECK(domain->leaks() == "");
    });
}
