// SPDX-License-Identifier: BSD-3-Clause
/// A front-end and a back-end in a domain each, and what a test does in one and has done in the other.
#pragma once

#include "../interface.hpp"
#include "../../headers/test/frames.hpp"
#include "../../../../test/xen/domains/image.hpp"
#include "netback.hpp"

#include <unicore/net/pool.hpp>
#include <unicore/xen/simulator.hpp>
#include <unicore/xen/simulator/store.hpp>

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace unicore::test {

struct Woken final : net::Listener {
    void ready(unsigned queue) noexcept override {
        ++calls;
        last = queue;
    }
    void link_changed() noexcept override { ++changes; }
    unsigned calls = 0, changes = 0, last = 99;
};

struct Wire {
    explicit Wire(std::uint64_t seed, Netback::Values values = Netback::usual());

    /// Runs `body` in the front-end's domain, whose device is there and connected; wants no leaks at its end.
    void run(const std::function<void(net::xen::Interface&)>& body);

    // In the front-end's domain:

    /// Has something done in the back-end's domain, and waits until it is.
    void on_back(const std::function<void(Netback&)>& what);
    /// Lets the others go on until `holds`, for a second of their time; returns whether it does.
    static bool until(const std::function<bool()>& holds);
    static void rest();
    /// A packet of these bytes, in as many parts.
    net::Packet packet(std::string_view bytes, std::size_t parts = 1);
    static std::string bytes(const net::Packet& packet);
    /// The next packet that is received; none after a second.
    static net::Packet received(net::xen::Interface& interface, unsigned queue = 0);

    static constexpr unsigned front_id = 1, back_id = 2;

    xen::simulator::StoreDaemon store;
    xen::simulator::Simulation simulation;
    xen::simulator::Domain* front = nullptr;
    xen::simulator::Domain* back = nullptr;
    bool echoing = true;   ///< what the back-end does when it is asked for nothing
    std::function<void(Netback&)> each_turn{};  ///< what else it does
    bool bus_only = false;  ///< the front-end's device is not waited for
    std::uint16_t mtu = 1500;
    std::size_t queues = 1;
    const net::MacAddress address{{0x00, 0x16, 0x3e, 1, 2, 3}};

private:
    void serve(const Netback::Values& values);

    Netback::Values values_;
    std::function<void(Netback&)> todo_;
    bool over_ = false;
    std::unique_ptr<net::Pool> pool_;
};

}  // namespace unicore::test
