// SPDX-License-Identifier: BSD-3-Clause
/// What a simulated domain has besides Xen's components: a clock, a stop request, a start and an end.
#pragma once

#include <unicore/xen/simulator.hpp>
#include <unicore/xen/simulator/store.hpp>

#include <cstdint>
#include <functional>
#include <string>

namespace unicore::test {

namespace simulator = xen::simulator;

/// A domain's main: boots the components in order, runs `body`, and gives the clock's port back.
std::function<void()> image(simulator::Simulation& simulation, std::function<void()> body);

/// What a domain, which may have ended, holds that nobody needs any more; empty when there is nothing.
/// A frame of its grant table, with the page of notes beside it, is not too much.
std::string leaks(const simulator::Domain& domain);

/// What the toolstack writes to connect a front-end and a back-end, in the order that xl has.
void plug(simulator::StoreDaemon& store, unsigned front, unsigned back, unsigned index,
          const std::string& type = "echo");
/// As xl does when it forces: both ends' nodes go.
void unplug(simulator::StoreDaemon& store, unsigned front, unsigned back, unsigned index,
            const std::string& type = "echo");

/// The number that an environment variable is, else `otherwise`.
std::uint64_t from_environment(const char* name, std::uint64_t otherwise);

}  // namespace unicore::test
