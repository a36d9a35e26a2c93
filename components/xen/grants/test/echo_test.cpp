// SPDX-License-Identifier: BSD-3-Clause
// A front and a back end: a ring in a shared page, an event channel, and everything that can go wrong.
#include <unicore/arch/barriers.hpp>
#include <unicore/platform/interrupts.hpp>
#include <unicore/xen/events.hpp>
#include <unicore/xen/grants.hpp>
#include <unicore/xen/grants/mapping.hpp>
#include <unicore/xen/guest.hpp>
#include <unicore/xen/hypercall.hpp>
#include <unicore/xen/simulator.hpp>
#include <unicore/xen/simulator/cases.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <string>

using namespace unicore;
using namespace unicore::xen;
using arch::Barriers;
using events::EventChannel;
using grants::Access;
using grants::Mapping;
using grants::SharedPage;
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

constexpr std::uint32_t slots = 8;

/// Requests and their answers, in the same slots.
struct Ring {
    volatile std::uint32_t requested, answered;
    volatile std::uint32_t values[slots];
};

/// What the two would tell each other through xenstore.
struct Meeting {
    grant_ref_t reference = 0;
    evtchn_port_t port = 0;
    bool front_done = false;
};

void nothing(void*) noexcept {}

std::uint64_t now() { return guest::shared().vcpu_info[0].time.system_time; }

/// Waits for an event, at most for a while: one may be lost.
void wait_a_while() {
    CHECK(hypercall::set_timer(now() + 1'000'000).has_value());
    Interrupts::unmask_and_wait();
}

constexpr std::uint32_t answer_to(std::uint32_t value) { return value * 3 + 1; }

/// Answers until the front end is done.
void back_end(const Meeting& meeting) {
    REQUIRE(events::start().has_value());
    const auto timer = EventChannel::bind_virq(VIRQ_TIMER, {nothing, nullptr});
    while (meeting.port == 0) hypercall::yield();
    auto channel = EventChannel::connect(2, meeting.port, {nothing, nullptr});
    auto mapping = Mapping::map(2, meeting.reference, Access::read_write);
    if (!channel || !mapping) return;
    Ring& ring = *reinterpret_cast<Ring*>(mapping->bytes().data());
    const MaskGuard masked;
    std::uint32_t next = 0;
    while (!meeting.front_done) {
        const std::uint32_t end = ring.requested;
        Barriers::read();
        if (end - next > slots) break;  // nonsense
        for (; next != end; ++next) ring.values[next % slots] = answer_to(ring.values[next % slots]);
        if (ring.answered == next) {
            wait_a_while();
            continue;
        }
        Barriers::write();
        ring.answered = next;
        channel->notify();
    }
}

/// How many of `count` requests were answered right before the other side went wrong or silent.
std::uint32_t front_end(Meeting& meeting, std::uint32_t count) {
    REQUIRE(events::start().has_value());
    const auto timer = EventChannel::bind_virq(VIRQ_TIMER, {nothing, nullptr});
    auto page = SharedPage::create(1);
    auto channel = EventChannel::allocate(1, {nothing, nullptr});
    if (!page || !channel) return 0;
    Ring& ring = *reinterpret_cast<Ring*>(page->bytes().data());
    meeting.reference = page->reference();
    meeting.port = channel->port();

    const MaskGuard masked;
    std::uint32_t sent = 0, seen = 0;
    for (int patience = 100; seen != count && patience != 0;) {
        for (; sent != count && sent - seen != slots; ++sent) ring.values[sent % slots] = sent;
        Barriers::write();
        ring.requested = sent;
        channel->notify();
        const std::uint32_t end = ring.answered;
        Barriers::read();
        if (end - seen > sent - seen) break;  // nonsense
        if (end == seen) {
            wait_a_while();
            --patience;
            continue;
        }
        patience = 100;
        for (; seen != end; ++seen)
            if (ring.values[seen % slots] != answer_to(seen)) return seen;
    }
    return seen;
}

std::string leaks(const Domain& domain) { return domain.leaks(domain.usage().grant_frames); }

/// The front end as a domain's code.
std::function<void()> front(Meeting& meeting, std::uint32_t& answered, std::uint32_t count) {
    return [&meeting, &answered, count] {
        answered = front_end(meeting, count);
        meeting.front_done = true;
        for (int patience = 0; grants::reclaim() != 0 && patience < 5000; ++patience) hypercall::yield();
    };
}

}  // namespace

TEST_CASE("requests are answered, whatever happens to the events") {
    simulator::for_each_case(40, [](std::uint64_t seed) {
        INFO(simulator::replay(seed));
        Simulation simulation(seed);
        if (seed % 2 != 0)
            simulation.fault({.lost_events = 0.2,
                              .duplicated_events = 0.2,
                              .delayed_events = 0.2,
                              .spurious_events = 0.1,
                              .spurious_wake_ups = 0.2});
        Meeting meeting;
        std::uint32_t answered = 0;
        Domain& back = simulation.add_domain({.id = 1, .paravirtual = (seed & 2) != 0, .main = [&] {
            back_end(meeting);
            grants::reclaim();
        }});
        Domain& front_domain =
            simulation.add_domain({.id = 2, .paravirtual = (seed & 4) != 0, .main = front(meeting, answered, 100)});
        const Outcome outcome = simulation.run();
        INFO(outcome.report);
        REQUIRE(outcome.finished());
        CHECK(answered == 100);
        CHECK(leaks(back) == "");
        CHECK(leaks(front_domain) == "");
    });
}

TEST_CASE("a back end that is destroyed at any moment takes nothing with it") {
    simulator::for_each_case(40, [](std::uint64_t seed) {
        INFO(simulator::replay(seed));
        Simulation simulation(seed);
        Meeting meeting;
        std::uint32_t answered = 0;
        Domain& back = simulation.add_domain({.id = 1, .background = true, .main = [&] { back_end(meeting); }});
        Domain& front_domain = simulation.add_domain({.id = 2, .main = front(meeting, answered, 1000)});
        simulation.fault({.destroyed_domains = 0.01, .victims = {&back}});
        const Outcome outcome = simulation.run();
        INFO(outcome.report);
        REQUIRE(outcome.finished());
        CHECK(answered <= 1000);
        CHECK(leaks(front_domain) == "");
    });
}

TEST_CASE("a back end that writes nonsense is noticed, and breaks nothing") {
    simulator::for_each_case(40, [](std::uint64_t seed) {
        INFO(simulator::replay(seed));
        Simulation simulation(seed);
        Meeting meeting;
        std::uint32_t answered = 0;
        simulation.add_domain({.id = 1, .background = true, .main = [&] {
            REQUIRE(events::start().has_value());
            while (meeting.port == 0) hypercall::yield();
            auto channel = EventChannel::connect(2, meeting.port, {nothing, nullptr}).value();
            auto mapping = Mapping::map(2, meeting.reference, Access::read_write).value();
            while (!meeting.front_done) {
                for (int i = 0; i < 8; ++i) {
                    const auto value = static_cast<std::byte>(simulation.random(256));
                    mapping.bytes()[simulation.random(sizeof(Ring))] = value;
                    simulator::pause();
                }
                channel.notify();
            }
        }});
        Domain& front_domain = simulation.add_domain({.id = 2, .main = front(meeting, answered, 1000)});
        const Outcome outcome = simulation.run();
        INFO(outcome.report);
        REQUIRE(outcome.finished());
        CHECK(answered < 1000);
        CHECK(leaks(front_domain) == "");
    });
}

TEST_CASE("hypercalls that fail leave nothing behind") {
    simulator::for_each_case(40, [](std::uint64_t seed) {
        INFO(simulator::replay(seed));
        Simulation simulation(seed);
        Meeting meeting;
        std::uint32_t answered = 0;
        simulation.add_domain({.id = 1, .background = true, .main = [&] { back_end(meeting); }});
        Domain& front_domain = simulation.add_domain({.id = 2, .main = front(meeting, answered, 50)});
        Faults faults{.failing_frames = 0.3};
        faults.hypercalls.push_back({.number = __HYPERVISOR_memory_op, .probability = 0.3});
        faults.hypercalls.push_back({.number = __HYPERVISOR_grant_table_op, .probability = 0.3});
        for (const unsigned command : {EVTCHNOP_alloc_unbound, EVTCHNOP_bind_interdomain, EVTCHNOP_send})
            faults.hypercalls.push_back(
                {.number = __HYPERVISOR_event_channel_op, .command = command, .probability = 0.3});
        simulation.fault(faults);
        const Outcome outcome = simulation.run();
        INFO(outcome.report);
        REQUIRE(outcome.finished());
        const Domain::Usage used = front_domain.usage();
        CHECK(used.ports == 1);  // the console's
        if (used.grants_in_use == 0) CHECK(used.grants == 0);
    });
}
