// SPDX-License-Identifier: BSD-3-Clause
#include "world.hpp"

#include <unicore/platform/host/images.hpp>
#include <unicore/platform/interrupts.hpp>
#include <unicore/power.hpp>
#include <unicore/sched.hpp>
#include <unicore/sched/works.hpp>
#include <unicore/xen/events.hpp>
#include <unicore/xen/guest.hpp>

#include <catch2/catch.hpp>
#include <xen/sched.h>

namespace unicore::xen::store {
Result<void> start() noexcept;
}

namespace unicore::test {
namespace {

World* current = nullptr;
constexpr evtchn_port_t store_port = 3;

}  // namespace

World& world() { return *current; }

World::World() {
    platform::host::forget_images();
    tree.introduce(1);
    port.emplace(tree, simulator::StoreTree::Domain{1}, page);
    current = this;
}

World::~World() { platform::host::forget_images(); }

void World::boot() { REQUIRE(store::start().has_value()); }

void World::interrupt() {
    const platform::MaskGuard masked;
    if (handler != nullptr) handler(context);
}

void World::step() {
    nanoseconds += 1'000'000;
    if (on_step) on_step();
    if (daemon_works && port->serve(faults, random)) interrupt();
}

void World::settle() {
    for (int i = 0; i < 500; ++i) step();
}

bool World::work() {
    const bool any = sched::works::pending() != 0;
    sched::yield();
    return any;
}

Asked::Asked(xsd_sockmsg_type what, std::string path, std::string value, std::size_t room)
    : text(std::move(path)), payload(std::move(value)), buffer(room) {
    type = what;
    first = text;
    second = payload;
    reply = buffer;
    done = [](store::Request& request) noexcept { ++static_cast<Asked&>(request).finished; };
}

}  // namespace unicore::test

using unicore::test::world;

std::int64_t unicore_xen_hypercall(std::uintptr_t first, std::uintptr_t second, std::uintptr_t, std::uintptr_t,
                                   std::uintptr_t, unsigned number) noexcept {
    if (number == __HYPERVISOR_event_channel_op && first == EVTCHNOP_send)
        world().notifications += reinterpret_cast<evtchn_send*>(second)->port == unicore::test::store_port;
    // Yielding lets the daemon run; the handler does not, as events may be masked where it is called.
    if (number == __HYPERVISOR_sched_op && first == SCHEDOP_yield) {
        world().nanoseconds += 1'000'000;
        if (world().daemon_works) static_cast<void>(world().port->serve(world().faults, world().random));
    }
    return 0;
}

namespace unicore::xen::guest {
Connection store() noexcept {
    return world().has_store ? Connection{&world().page, test::store_port} : Connection{nullptr, 0};
}
}  // namespace unicore::xen::guest

namespace unicore::xen::events {
Result<void> adopt(evtchn_port_t, Handler handler) noexcept {
    world().handler = handler.function;
    world().context = handler.context;
    return {};
}
}  // namespace unicore::xen::events

namespace unicore::time {
Instant Monotonic::now() noexcept { return Instant(Duration(++world().nanoseconds)); }
}  // namespace unicore::time

namespace unicore::sched {
Result<void> WaitQueue::wait(Predicate condition, time::Instant deadline) noexcept {
    for (;; works::run_next()) {
        const platform::MaskGuard masked;
        if (condition()) return {};
        if (world().stopping) return unexpected(Error::stopped);
        if (time::Monotonic::now() >= deadline) return unexpected(Error::timed_out);
        if (!world().daemon_works) world().nanoseconds += 1'000'000'000;
        world().step();
    }
}
void WaitQueue::wake_one() noexcept {}
void WaitQueue::wake_all() noexcept {}

std::uintptr_t current_thread() noexcept { return 1; }

void yield() noexcept {
    for (std::size_t left = works::pending(); left != 0 && works::run_next(); --left) {}
}

Result<void> sleep_for(time::Duration duration) noexcept {
    world().nanoseconds += static_cast<std::uint64_t>(duration.count());
    world().step();
    return {};
}
}  // namespace unicore::sched

namespace unicore::power {
bool stop_requested() noexcept { return world().stopping; }
}  // namespace unicore::power
