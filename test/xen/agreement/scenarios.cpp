// SPDX-License-Identifier: BSD-3-Clause
#include "scenarios.hpp"

#include <unicore/base/chrono.hpp>
#include <unicore/base/text.hpp>
#include <unicore/xen/store.hpp>

#include <xen/sched.h>

namespace unicore::test {

using namespace std::chrono_literals;

namespace {

using Parties = Scenario::Parties;

constexpr Scenario all[] = {
    {"versions", scenario::versions, Parties::front},
    {"events", scenario::events, Parties::both},
    {"handlers", scenario::handlers, Parties::both},
    {"virqs", scenario::virqs, Parties::front},
    {"grants", scenario::grants, Parties::both},
    {"copies", scenario::copies, Parties::both},
    {"mappings", scenario::mappings, Parties::both},
    {"memory", scenario::memory, Parties::front},
    {"store", scenario::store, Parties::front},
    {"permissions", scenario::permissions, Parties::both},
    {"transactions", scenario::transactions, Parties::front},
    {"watches", scenario::watches, Parties::both},
    {"ring", scenario::ring, Parties::both},
    {"bus", scenario::bus, Parties::both},
    {"takeover", scenario::takeover, Parties::heir},
};

/// The toolstack says who the peer is, once it has made that domain.
std::uint16_t find_peer() noexcept {
    std::uint64_t peer = 0;
    const time::Instant end = time::Monotonic::now() + patience;
    while (peer == 0 && time::Monotonic::now() < end) {
        peer = xen::store::read_number("data/peer").value_or(0);
        if (peer == 0) static_cast<void>(sched::sleep_for(10ms));
    }
    return static_cast<std::uint16_t>(peer);
}

bool takes_part(std::string_view name, Parties parties) noexcept {
    if (name == "front") return true;
    return name == (parties == Parties::heir ? "heir" : "back") && parties != Parties::front;
}

void print(std::string_view scenario, std::string_view role, void (*write)(std::string_view)) noexcept {
    const Recorder& trace = recorder();
    text::Line first, last;
    first << "agreement: begin " << scenario << ' ' << role << '\n';
    last << "agreement: end " << scenario << ' ' << role << ' ' << trace.lines() << " lines " << trace.operations()
         << " operations\n";
    write(first.view());
    write(trace.text());
    write(last.view());
}

}  // namespace

std::span<const Scenario> scenarios() noexcept { return all; }

unsigned perform(std::string_view name, void (*write)(std::string_view text)) noexcept {
    static_cast<void>(sched::sleep_for(1ms));  // has the clock bind its port now, where it had not
    const auto self = xen::store::read_number("domid");
    Stage stage(name == "front" ? Role::front : Role::back, static_cast<std::uint16_t>(self.value_or(0)));
    for (unsigned number = 0; number != std::size(all); ++number) {
        const Scenario& scenario = all[number];
        if (!takes_part(name, scenario.parties)) continue;
        if (scenario.parties == Parties::heir && stage.front()) stage.ask_toolstack("replace");
        const std::uint16_t peer = find_peer();
        recorder().begin(stage.self, peer);
        recorder().on = true;
        stage.begin(number + 1, peer);
        scenario.run(stage);
        recorder().on = false;
        print(scenario.name, stage.front() ? "front" : "back", write);
    }
    // The ends are a scenario, too: what the toolstack hears.
    if (name == "front") return SHUTDOWN_watchdog;
    return name == "back" ? SHUTDOWN_crash : SHUTDOWN_reboot;
}

}  // namespace unicore::test
