// SPDX-License-Identifier: BSD-3-Clause
// The agreement's domains in the simulated hypervisor: prints what they write to their consoles, and does
// what agreement_test.py has the toolstack do.
#include "hypervisor.hpp"
#include "image.hpp"
#include "scenarios.hpp"

#include <unicore/base/chrono.hpp>
#include <unicore/xen/hypercall.hpp>
#include <unicore/xen/simulator.hpp>
#include <unicore/xen/simulator/store.hpp>

#include <xen/sched.h>

#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace unicore::test {
namespace {

using namespace std::chrono_literals;
using simulator::Domain;
using simulator::Hypervisor;

/// A pair of domains of one type, and the third that takes the second's place.
class World {
public:
    World(bool paravirtual, std::uint64_t seed) : paravirtual_(paravirtual), store_(seed), simulation_(seed) {
        now = this;
        simulation_.tracing(false);
        front_ = &add("front");
        back_ = &add("back");
        introduce();
    }

    /// Whether all came to an end.
    bool run() {
        const auto outcome = simulation_.run(50'000'000);
        if (!outcome.finished()) std::fprintf(stderr, "no end: %s", outcome.report.c_str());
        tell(*front_, "front");
        if (heir_ != nullptr) tell(*heir_, "heir");
        return outcome.finished();
    }

    /// Soon, when the domain that asks is not in the middle of anything.
    void wake() {
        simulation_.at(simulation_.now() + 1ms, [this] { obey(); });
    }

    static World* now;

private:
    Domain& add(const char* name) {
        const std::string role = name;
        return simulation_.add_domain({.name = role,
                                       .paravirtual = paravirtual_,
                                       .memory_pages = 1024,
                                       .store = &store_,
                                       .main = image(simulation_, [this, role] { be(role); })});
    }

    void be(const std::string& role) {
        reasons_[role] = perform(role, [](std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); });
        sched_shutdown operation{reasons_[role]};
        static_cast<void>(xen::hypercall::perform(operation));
    }

    /// Why a domain stopped.
    void tell(const Domain& domain, const char* role) const {
        std::printf("agreement: %s shut down, reason %d\n", role,
                    static_cast<int>(domain.shutdown_reason().value_or(-1)));
    }

    static std::string data(const Domain& domain, const char* node) {
        return "/local/domain/" + std::to_string(domain.id()) + "/data/" + node;
    }

    void introduce() {
        store_.tree().write(data(*front_, "peer"), std::to_string(back_->id()));
        store_.tree().write(data(*back_, "peer"), std::to_string(front_->id()));
        store_.deliver();
    }

    void obey() {
        const std::string line = store_.tree().read(data(*front_, "order")).value_or("");
        const std::string number = line.substr(0, line.find(' ')), order = line.substr(number.size() + 1);
        if (order == "plug") plug(store_, front_->id(), back_->id(), 0);
        if (order == "unplug") unplug(store_, front_->id(), back_->id(), 0);
        if (order.starts_with("limit "))
            Hypervisor::state_of(*front_).configuration.maximum_pages = std::strtoul(order.c_str() + 6, nullptr, 10);
        if (order == "replace") {
            if (!back_->ended()) return wake();
            tell(*back_, "back");
            simulation_.destroy(*back_);
            store_.tree().remove("/local/domain/" + std::to_string(back_->id()));
            back_ = heir_ = &add("heir");
            introduce();
        }
        store_.tree().write(data(*front_, "done"), number);
        store_.deliver();
    }

    const bool paravirtual_;
    simulator::StoreDaemon store_;
    simulator::Simulation simulation_;
    Domain *front_ = nullptr, *back_ = nullptr, *heir_ = nullptr;
    std::map<std::string, unsigned> reasons_;
};

World* World::now = nullptr;

}  // namespace

void wake_toolstack() noexcept { World::now->wake(); }

}  // namespace unicore::test

/// The seed, that of the order in which domains run, may be anything.
int main(int argc, char** argv) {
    using namespace unicore::test;
    const std::uint64_t seed = argc > 1 ? std::strtoull(argv[1], nullptr, 0) : 1;
    for (const bool paravirtual : {true, false}) {
        std::printf("agreement: domains %s\n", paravirtual ? "pv" : "pvh");
        World world(paravirtual, seed);
        if (!world.run()) return 1;
    }
    for (const Scenario& scenario : scenarios()) std::printf("agreement: scenario %s\n", scenario.name);
    return 0;
}
