// SPDX-License-Identifier: BSD-3-Clause
// Seeded cases of ring, store, bus, events and grants together, with bad peers and faults: no crash,
// no hang, no leak. UNICORE_CASES is how many, UNICORE_SEED the first; a failure says how to replay it.
#include "echo.hpp"
#include "hostile.hpp"
#include "image.hpp"

#include <unicore/platform.hpp>

#include <sanitizer/common_interface_defs.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>

using namespace unicore;
using namespace unicore::test;
using namespace std::chrono_literals;
using simulator::Domain;
using simulator::Simulation;
using simulator::StoreDaemon;

namespace {

enum Kind { slow, bad_front, bad_back, bad_store, turmoil, kinds };
constexpr const char* names[] = {"slow", "bad front-end", "bad back-end", "bad store", "turmoil"};

std::uint64_t current_seed = 0;
unsigned long long right_answers[kinds], connections[kinds];

void tell() {
    std::fprintf(stderr, "fuzz: failed with seed %llu (%s); replay: UNICORE_SEED=%llu UNICORE_CASES=1 xen.fuzz\n",
                 static_cast<unsigned long long>(current_seed), names[current_seed % kinds],
                 static_cast<unsigned long long>(current_seed));
}

[[noreturn]] void fail(const std::string& why) {
    std::fprintf(stderr, "fuzz: %s\n", why.c_str());
    tell();
    std::_Exit(1);
}

/// Serves until nobody needs it any more; what it made is gone then.
void back_main(Kind kind, const bool* over) {
    EchoService service;
    static_cast<void>(service.start());
    for (bool before = false; !*over; before = service.attached()) {
        static_cast<void>(service.serve(time::Monotonic::now() + 2ms));
        connections[kind] += !before && service.attached() && kind == bad_front;
    }
}

/// Asks now and then, and never gets a wrong answer from an honest back-end.
void front_main(Kind kind, Random& random) {
    for (int life = 0; life < 2; ++life) {
        EchoFront front(0);
        if (!front.start()) continue;
        for (std::uint32_t i = 1; i <= 8; ++i) {
            const auto answer = front.square(i, time::Monotonic::now() + 3ms);
            if (!answer && answer.error() == Error::device_error) static_cast<void>(sched::sleep_for(100us));
            if (!answer) continue;
            ++right_answers[kind];
            if (kind != bad_back && kind != turmoil && *answer != std::uint64_t{i} * i) fail("a wrong answer");
        }
        connections[kind] += front.device().attached();
        if (random() % 2 == 0) front.close();
    }
}

void faults(Kind kind, Random& random, StoreDaemon& store, Simulation& simulation) {
    simulator::StoreFaults slowness{
        .late = 0.1, .in_pieces = 0.1, .longest_delay = 300us, .spurious_watches = 0.1, .refused_transactions = 0.1};
    if (kind == bad_store) {
        double simulator::StoreFaults::* const ways[] = {
            &simulator::StoreFaults::unknown_ids, &simulator::StoreFaults::wrong_types, &simulator::StoreFaults::endless,
            &simulator::StoreFaults::repeated, &simulator::StoreFaults::nonsense, &simulator::StoreFaults::odd_events,
            &simulator::StoreFaults::bad_indices};
        slowness.*ways[random() % std::size(ways)] = 0.02;
    }
    store.fault(slowness);
    simulator::Faults trouble{.duplicated_events = 0.05,
                              .delayed_events = 0.05,
                              .longest_delay = 200us,
                              .spurious_events = 0.02,
                              .spurious_wake_ups = 0.02};
    if (kind == turmoil) {
        trouble.withdrawn_grants = 0.02;
        trouble.failing_frames = 0.02;
        constexpr unsigned events = __HYPERVISOR_event_channel_op, grants = __HYPERVISOR_grant_table_op;
        trouble.hypercalls = {
            {.number = events, .command = EVTCHNOP_alloc_unbound, .error = 28, .probability = 0.1},
            {.number = events, .command = EVTCHNOP_bind_interdomain, .error = 22, .probability = 0.1},
            {.number = grants, .command = GNTTABOP_map_grant_ref, .status = GNTST_general_error, .probability = 0.1}};
    }
    simulation.fault(trouble);
}

void run(std::uint64_t seed) {
    const Kind kind = static_cast<Kind>(seed % kinds);
    Random random(seed);
    StoreDaemon store(seed);
    Simulation simulation(seed);
    simulation.tracing(false);
    faults(kind, random, store, simulation);
    constexpr unsigned front_id = 1, back_id = 2;
    constexpr unsigned rounds = 60;
    bool over = false;
    Domain* back = nullptr;
    Domain& front = simulation.add_domain({.name = "front", .store = &store, .main = image(simulation, [&] {
        if (kind == bad_front) hostile_front(random, back_id, rounds);
        else front_main(kind, random);
        over = true;
        if (kind == bad_back || kind == turmoil) simulation.destroy(*back);  // it may hold what is the front-end's
        // What the back-end had when it was to be given back: it lets go at its end, for which it may
        // have to wait for replies that never come.
        for (int i = 0; i < 100 && xen::grants::reclaim() != 0; ++i) static_cast<void>(sched::sleep_for(10s));
    })});
    const bool forced = kind == bad_back;
    back = &simulation.add_domain({.name = "back", .store = &store, .background = forced, .main = image(simulation, [&] {
        if (kind == bad_back) hostile_back(random, front_id, 100000);
        else back_main(kind, &over);
    })});
    plug(store, front_id, back_id, 0);
    if (kind == turmoil)
        for (int i = 0; i < 3; ++i)
            simulation.at(std::chrono::microseconds(random() % 5000), [&store, again = random() % 2 == 0] {
                if (again) plug(store, front_id, back_id, 0);
                else unplug(store, front_id, back_id, 0);
            });
    const auto outcome = simulation.run(400'000);
    if (!outcome.finished()) fail("no end: " + outcome.report);
    // Memory that could not be had back at the end is a fault's doing.
    if (kind != turmoil && leaks(front) != "") fail("front-end's domain: " + leaks(front));
    if (front.usage().ports > 2 || front.usage().grants != 0) fail("front-end's domain: " + front.leaks());
    if (kind != bad_back && kind != turmoil && leaks(*back) != "")
        fail("back-end's domain: " + leaks(*back));
    if (kind != bad_store && (store.tree().transactions(front_id) != 0 || store.tree().transactions(back_id) != 0))
        fail("a transaction is left open");
}

}  // namespace

/// A panic: the seed first.
void unicore::platform::halt(int status) noexcept {
    tell();
    std::_Exit(status != 0 ? status : 1);
}

int main() {
    const std::uint64_t first = from_environment("UNICORE_SEED", 1);
    const std::uint64_t cases = from_environment("UNICORE_CASES", 150);
    __sanitizer_set_death_callback(tell);
    std::signal(SIGABRT, [](int) { tell(), std::_Exit(1); });
    std::signal(SIGALRM, [](int) { std::fputs("fuzz: a case hangs\n", stderr), tell(), std::_Exit(1); });
    std::printf("fuzz: %llu cases from seed %llu\n", static_cast<unsigned long long>(cases),
                static_cast<unsigned long long>(first));
    for (current_seed = first; current_seed < first + cases; ++current_seed) {
        alarm(30);
        run(current_seed);
    }
    for (unsigned kind = 0; kind < kinds; ++kind)
        std::printf("fuzz: %s: %llu answers, %llu connections\n", names[kind], right_answers[kind], connections[kind]);
    return 0;
}
