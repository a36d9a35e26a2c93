// SPDX-License-Identifier: BSD-3-Clause
// How a device comes to be connected, and what becomes of it when its back-end leaves.
#include "wire.hpp"

#include <unicore/xen/grants.hpp>

#include <catch2/catch.hpp>

#include <algorithm>

using namespace unicore;
using namespace unicore::test;
using namespace std::chrono_literals;
using net::xen::Interface;

namespace {

std::string own(const std::string& name) { return "/local/domain/1/device/vif/0/" + name; }

bool echoes(Wire& wire, Interface& interface, unsigned seed, unsigned queue = 0) {
    const std::string sent = frame(100, seed);
    net::Packet packet = wire.packet(sent);
    return interface.send(queue, std::span(&packet, 1)) == 1 && Wire::bytes(Wire::received(interface, queue)) == sent;
}

}  // namespace

TEST_CASE("what a back-end offers is agreed on") {
    Wire wire(1);
    wire.run([&](Interface& interface) {
        CHECK(interface.name() == "xen0");
        const net::Properties& properties = interface.properties();
        CHECK(properties.address == wire.address);
        CHECK(properties.mtu == 1500);
        CHECK(properties.queues == 1);
        CHECK((properties.completes_checksums && properties.verifies_checksums));
        CHECK((properties.segments_tcp4 && properties.segments_tcp6 && properties.merges_tcp));
        CHECK(interface.link().up);
        wire.on_back([](Netback& back) {
            for (const char* const name : {"request-rx-copy", "feature-rx-notify", "feature-sg", "feature-gso-tcpv4",
                                           "feature-gso-tcpv6", "feature-ipv6-csum-offload", "multi-queue-num-queues"})
                CHECK(back.front[name] == "1");
            CHECK(back.front.contains("event-channel-tx"));
            CHECK(back.front.contains("event-channel-rx"));
            CHECK_FALSE(back.front.contains("event-channel"));
        });
        Woken listener;
        REQUIRE(interface.open(listener).has_value());
        CHECK(interface.open(listener).error() == Error::busy);
        CHECK(echoes(wire, interface, 1));
    });
    CHECK(wire.store.tree().read(own("state")) == "6");
}

TEST_CASE("a back-end that can do little is used as it is") {
    Wire wire(2, {{"feature-rx-copy", "1"},
                  {"feature-no-csum-offload", "1"},
                  {"feature-gso-tcpv4", "1"},
                  {"multi-queue-max-queues", "many"}});
    wire.mtu = 9000;
    wire.run([&](Interface& interface) {
        const net::Properties& properties = interface.properties();
        CHECK(properties.mtu == 1500);
        CHECK_FALSE(properties.completes_checksums);
        CHECK_FALSE(properties.segments_tcp4);
        wire.on_back([](Netback& back) {
            CHECK(back.front.contains("event-channel"));
            CHECK_FALSE(back.front.contains("event-channel-tx"));
        });
        Woken listener;
        REQUIRE(interface.open(listener).has_value());
        CHECK(echoes(wire, interface, 1));
        // What it cannot do ends, and is counted.
        net::Packet packet = wire.packet(tcp_frame(100));
        packet.offload() = {.checksum = net::Offload::Checksum::partial, .checksum_start = 34, .checksum_offset = 16};
        CHECK(interface.send(0, std::span(&packet, 1)) == 1);
        CHECK_FALSE(packet);
        CHECK(interface.statistics().sent.errors == 1);
    });
}

TEST_CASE("a back-end that does not copy is refused") {
    Wire wire(3, {{"feature-sg", "1"}});
    wire.bus_only = true;
    wire.run([&](Interface& interface) {
        CHECK(interface.wait_connected(time::Monotonic::now() + 10ms).error() == Error::timed_out);
        CHECK_FALSE(interface.link().up);
        CHECK(wire.store.tree().read("/local/domain/1/error/device/vif/0/error") == to_string(Error::unsupported));
    });
}

TEST_CASE("before its back-end is there a device is open and quiet") {
    Wire wire(4);
    wire.bus_only = true;
    wire.run([&](Interface& interface) {
        Woken listener;
        REQUIRE(interface.open(listener).has_value());
        CHECK_FALSE(interface.link().up);
        net::Packet packet = wire.packet(frame(100));
        CHECK(interface.send(0, std::span(&packet, 1)) == 0);
        CHECK(packet);
        CHECK(interface.receive(0, std::span(&packet, 0)) == 0);
        CHECK(interface.await(0, net::Device::Event::received_or_room));
        CHECK(listener.calls == 0);
        REQUIRE(interface.wait_connected(time::Monotonic::now() + 1s).has_value());
        CHECK(listener.calls == 1);
        CHECK(listener.changes == 1);
        CHECK(interface.link().up);
        // What it was like when it was opened: it had offered nothing.
        CHECK_FALSE(interface.properties().completes_checksums);
        CHECK(echoes(wire, interface, 1));
    });
}

TEST_CASE("a back-end that leaves and comes again is used again") {
    for (std::uint64_t seed = 0; seed < 5; ++seed) {
        INFO("seed " << seed);
        Wire wire(seed);
        wire.run([&](Interface& interface) {
            Woken listener;
            REQUIRE(interface.open(listener).has_value());
            for (unsigned round = 0; round < 3; ++round) {
                CHECK(echoes(wire, interface, round));
                CHECK(interface.await(0, net::Device::Event::received));
                const unsigned calls = listener.calls, changes = listener.changes;
                // With something on its way, which is lost.
                net::Packet packet = wire.packet(frame(1000));
                CHECK(interface.send(0, std::span(&packet, 1)) == 1);
                wire.on_back([](Netback& back) { back.close(); });
                CHECK(Wire::until([&] { return !interface.link().up; }));
                CHECK(listener.calls > calls);
                CHECK(listener.changes > changes);
                packet = wire.packet(frame(1000));
                CHECK(interface.send(0, std::span(&packet, 1)) == 0);
                CHECK(interface.receive(0, std::span(&packet, 0)) == 0);
                wire.store.tree().write("/local/domain/2/backend/vif/1/0/state", "1");
                wire.store.deliver();
                wire.on_back([](Netback& back) { CHECK(back.start().has_value()); });
                CHECK(Wire::until([&] { return interface.link().up; }));
            }
            CHECK(echoes(wire, interface, 9));
            CHECK(interface.take_held() == 0);
        });
    }
}

TEST_CASE("a device that is taken away and given again is the same") {
    Wire wire(5);
    wire.run([&](Interface& interface) {
        Woken listener;
        REQUIRE(interface.open(listener).has_value());
        CHECK(echoes(wire, interface, 1));
        unplug(wire.store, Wire::front_id, Wire::back_id, 0, "vif");
        CHECK(Wire::until([&] { return !interface.link().up; }));
        CHECK(Wire::until([&] { return interface.bus().gone(); }));
        for (unsigned i = 0; i < 100; ++i) Wire::rest();
        plug(wire.store, Wire::front_id, Wire::back_id, 0, "vif");
        CHECK(Wire::until([&] { return interface.link().up; }));
        CHECK(echoes(wire, interface, 2));
    });
}

TEST_CASE("a back-end domain that is destroyed lets go of everything") {
    Wire wire(6);
    wire.run([&](Interface& interface) {
        Woken listener;
        REQUIRE(interface.open(listener).has_value());
        CHECK(echoes(wire, interface, 1));
        wire.simulation.destroy(*wire.back);
        wire.store.tree().remove("/local/domain/2");
        wire.store.deliver();
        CHECK(Wire::until([&] { return !interface.link().up; }));
        CHECK(interface.take_held() == 0);
    });
}

TEST_CASE("what was left by somebody before is not believed") {
    Wire wire(7);
    wire.bus_only = true;
    wire.run([&](Interface& interface) {
        for (const char* const name : {"event-channel", "rx-ring-ref", "multi-queue-num-queues"})
            wire.store.tree().write(own(name), "4");
        REQUIRE(interface.wait_connected(time::Monotonic::now() + 1s).has_value());
        wire.on_back([](Netback& back) {
            CHECK_FALSE(back.front.contains("event-channel"));
            CHECK(back.front["multi-queue-num-queues"] == "1");
        });
    });
}

TEST_CASE("a device that is closed receives nothing, also afterwards") {
    Wire wire(8);
    wire.run([&](Interface& interface) {
        wire.echoing = false;
        Woken listener;
        for (unsigned round = 0; round < 3; ++round) {
            REQUIRE(interface.open(listener).has_value());
            CHECK(interface.statistics().received.packets == 0);
            wire.on_back([&](Netback& back) { CHECK(back.give({.bytes = frame(100, round)})); });
            CHECK(Wire::bytes(Wire::received(interface)) == frame(100, round));
            CHECK(interface.await(0, net::Device::Event::received));
            interface.close();
            const unsigned calls = listener.calls;
            wire.on_back([&](Netback& back) { CHECK(back.give({.bytes = frame(100, 77)})); });
            Wire::rest();
            net::Packet packet;
            CHECK(interface.receive(0, std::span(&packet, 1)) == 0);
            CHECK(listener.calls == calls);
        }
        interface.close();
    });
}

TEST_CASE("a device has as many queues as both ends can") {
    for (const std::size_t queues : {2U, 3U, 6U}) {
        Wire wire(9);
        wire.queues = queues;
        wire.run([&](Interface& interface) {
            const unsigned agreed = std::min<unsigned>(static_cast<unsigned>(queues), 4);
            REQUIRE(interface.properties().queues == agreed);
            wire.on_back([&](Netback& back) {
                CHECK(back.front["multi-queue-num-queues"] == std::to_string(agreed));
                CHECK(back.front.contains("queue-1/tx-ring-ref"));
                CHECK(back.front.contains("queue-1/event-channel-rx"));
                for (const char* const name : {"tx-ring-ref", "rx-ring-ref", "event-channel-tx", "event-channel"})
                    CHECK_FALSE(wire.store.tree().read(own(name)).has_value());
            });
            Woken listener;
            REQUIRE(interface.open(listener).has_value());
            for (unsigned queue = 0; queue != agreed; ++queue) {
                CHECK(echoes(wire, interface, queue, queue));
                CHECK(interface.await(queue, net::Device::Event::received));
            }
            wire.on_back([&](Netback& back) { REQUIRE(back.give({.bytes = frame(60)}, agreed - 1)); });
            CHECK(Wire::until([&] { return listener.calls == 1; }));
            CHECK(listener.last == agreed - 1);
            CHECK(Wire::received(interface, agreed - 1));
            CHECK(interface.statistics().received.packets == agreed + 1);

            // One that can do less is not what the device was opened with.
            wire.on_back([](Netback& back) { back.close(); });
            CHECK(Wire::until([&] { return !interface.link().up; }));
            wire.store.tree().write("/local/domain/2/backend/vif/1/0/state", "1");
            wire.store.deliver();
            wire.on_back([](Netback& back) {
                back.offer("multi-queue-max-queues", "1");
                CHECK(back.start().has_value());
            });
            CHECK(Wire::until([&] {
                return wire.store.tree().read("/local/domain/1/error/device/vif/0/error") == to_string(Error::unsupported);
            }));
            CHECK_FALSE(interface.link().up);
        });
    }
}
