// SPDX-License-Identifier: BSD-3-Clause
/// A domain with xenstored at its ring and nothing else: hypercalls, time and waiting are fakes, so
/// that a test decides when the daemon works.
#pragma once

#include <unicore/xen/simulator/store/port.hpp>
#include <unicore/xen/store.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace unicore::test {

namespace store = xen::store;
namespace simulator = xen::simulator;

struct World {
    World();
    ~World();

    /// Runs the client's boot step.
    void boot();
    /// The daemon serves the domain once, then the domain's handler runs.
    void step();
    /// Until nothing moves any more, but for works.
    void settle();
    /// Runs what works there are, each once; returns whether there were any.
    bool work();
    /// The event channel's handler, masked as it runs.
    void interrupt();

    simulator::StoreTree tree;
    xenstore_domain_interface page{};
    simulator::StoreFaults faults;
    std::mt19937_64 random{20260731};
    std::optional<simulator::StorePort> port;

    bool has_store = true;
    bool daemon_works = true;
    bool stopping = false;
    unsigned notifications = 0;
    std::uint64_t nanoseconds = 1;
    std::function<void()> on_step;

    void (*handler)(void*) noexcept = nullptr;
    void* context = nullptr;
};

/// The one that is there.
World& world();

/// An asynchronous request with what it names.
struct Asked : store::Request {
    Asked(xsd_sockmsg_type what, std::string path, std::string value = {}, std::size_t room = 64);
    std::string answer() const { return std::string(buffer.data(), outcome.value_or(0)); }

    std::string text, payload;
    std::vector<char> buffer;
    unsigned finished = 0;
};

}  // namespace unicore::test
