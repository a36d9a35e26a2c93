// SPDX-License-Identifier: BSD-3-Clause
#include "image.hpp"

#include <unicore/base/late.hpp>
#include <unicore/platform/interrupts.hpp>
#include <unicore/platform/per_image.hpp>
#include <unicore/power.hpp>
#include <unicore/time/clock.hpp>
#include <unicore/xen/events.hpp>
#include <unicore/xen/grants.hpp>
#include <unicore/xen/hypercall.hpp>

#include <cstdlib>
#include <stdexcept>
#include <string>

namespace unicore::xen::events {
Result<void> start() noexcept;
}
namespace unicore::xen::store {
Result<void> start() noexcept;
}

namespace unicore::test {
namespace {

simulator::Simulation* current = nullptr;
platform::PerImage<Late<xen::events::EventChannel>> timer;  // a domain's may end before it could close it
platform::PerImage<bool> stop;

std::string end(unsigned domain, const char* side, const std::string& type, unsigned other, unsigned index) {
    const std::string path = "/local/domain/" + std::to_string(domain) + "/" + side + "/" + type + "/";
    return path + (side == std::string("backend") ? std::to_string(other) + "/" : "") + std::to_string(index);
}

}  // namespace

std::function<void()> image(simulator::Simulation& simulation, std::function<void()> body) {
    current = &simulation;
    return [body] {
        if (!xen::events::start() || !xen::store::start()) throw std::runtime_error("a boot step failed");
        body();
        xen::grants::reclaim();  // addresses that were kept for mappings
        if (timer->constructed()) **timer = xen::events::EventChannel();
    };
}

std::string leaks(const simulator::Domain& domain) {
    constexpr std::size_t services = 2, table = 2;
    const simulator::Domain::Usage usage = domain.usage();
    const bool none = usage.ports <= services && usage.grants == 0 && usage.mappings == 0 && usage.pages_taken <= table;
    return none ? "" : domain.leaks();
}

void plug(simulator::StoreDaemon& store, unsigned front, unsigned back, unsigned index, const std::string& type) {
    auto& tree = store.tree();
    const std::string fronts = end(front, "device", type, back, index), backs = end(back, "backend", type, front, index);
    const std::string front_owns = "n" + std::to_string(front) + " r" + std::to_string(back);
    const std::string back_owns = "n" + std::to_string(back) + " r" + std::to_string(front);
    const auto node = [&](const std::string& path, const std::string& value, const std::string& who) {
        tree.write(path, value);
        tree.permissions(path, who);
    };
    tree.remove(fronts);  // with what another back-end was allowed to read
    tree.remove(backs);
    node(fronts, "", front_owns);
    node(backs, "", back_owns);
    node(backs + "/frontend-id", std::to_string(front), back_owns);
    node(backs + "/state", "1", back_owns);
    node(fronts + "/backend-id", std::to_string(back), front_owns);
    node(fronts + "/state", "1", front_owns);
    node(fronts + "/backend", backs, front_owns);
    node(backs + "/frontend", fronts, back_owns);
    store.deliver();
}

void unplug(simulator::StoreDaemon& store, unsigned front, unsigned back, unsigned index, const std::string& type) {
    store.tree().remove(end(back, "backend", type, front, index));
    store.tree().remove(end(front, "device", type, back, index));
    store.deliver();
}

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
    const char* const value = std::getenv(name);
    return value != nullptr ? std::strtoull(value, nullptr, 0) : otherwise;
}

}  // namespace unicore::test

namespace unicore::time {

Instant Monotonic::now() noexcept { return Instant(test::current->now()); }

void clock::idle_until(Instant deadline) noexcept {
    using namespace test;
    if (deadline != never) {
        if (!timer->constructed())
            timer->construct(
                xen::events::EventChannel::bind_virq(VIRQ_TIMER, {[](void*) noexcept {}, nullptr}).value());
        const auto nanoseconds = deadline.time_since_epoch().count();
        static_cast<void>(xen::hypercall::set_timer(nanoseconds > 0 ? static_cast<std::uint64_t>(nanoseconds) : 1));
    }
    platform::Interrupts::unmask_and_wait();
}

}  // namespace unicore::time

namespace unicore::power {
void request_stop() noexcept { *test::stop = true; }
bool stop_requested() noexcept { return *test::stop; }
}  // namespace unicore::power
