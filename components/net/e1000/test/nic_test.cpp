// SPDX-License-Identifier: BSD-3-Clause
#include "world.hpp"

#include <unicore/platform.hpp>

#include <algorithm>

using namespace unicore;
using namespace unicore::net;
using namespace unicore::test;
using e1000::Model;
using Event = Device::Event;

std::string test::log_text;
time::Instant test::clock_now{};
time::Instant time::Monotonic::now() noexcept { return test::clock_now += std::chrono::microseconds(1); }
void platform::early_write(std::string_view text) noexcept { test::log_text += text; }

namespace {

constexpr std::size_t ring = e1000::config::ring, buffers = e1000::config::buffers;

/// Devices that the suite of net.device goes through: what the one sends comes back, the other polls.
const bool registered = [] {
    for (const Signals& signals : {messages, nothing}) {
        auto& card = *new FakeCard;
        auto& nic = *new Nic(card.registers(), Model::i82574, signals.any() ? 1 : 2, true);
        card.message = [&nic](unsigned) { nic.on_queues(); };
        card.rung = [&card] {
            for (const auto& frame : card.sent) card.arrive(frame);
            card.sent.clear();
        };
        nic.set_signals(signals);
        if (!nic.prepare()) return false;
        add(nic);
    }
    return true;
}();

}  // namespace

TEST_CASE("there are devices for the suite") {
    CHECK(registered);
    CHECK((find_device("e1000-1") != nullptr && find_device("e1000-2") != nullptr));
}

TEST_CASE("what the device is like") {
    World world;
    REQUIRE(world.nic->prepare().has_value());
    const Properties& properties = world.nic->properties();
    CHECK(world.nic->name() == "e1000-3");
    CHECK(properties.address == MacAddress{{0x52, 0x54, 0, 0x12, 0x34, 0x56}});
    CHECK((properties.mtu == 1500 && properties.queues == 1 && properties.most_parts == 40));
    CHECK((properties.completes_checksums && properties.verifies_checksums && properties.segments_tcp4));
    CHECK_FALSE((properties.merges_tcp || properties.looked_at));
    CHECK_FALSE(world.card.running());
}

TEST_CASE("an old one has no registers that are not its") {
    World world(line, Model::i82540em);
    world.card.lets_go = false;  // which nobody asks for
    world.open();
    REQUIRE(world.send(world.packet(some(100), 2)));
    CHECK(world.card.sent.back() == some(100));
    REQUIRE(world.card.arrive(some(60)));
    CHECK(bytes_of(world.receive()) == some(60));
}

TEST_CASE("packets are sent as they are, and end") {
    World world(GENERATE(messages, line, nothing));
    world.open();
    std::uint64_t count = 0, bytes = 0;
    for (const std::size_t size : {14U, 16U, 17U, 60U, 1514U}) {
        for (const std::size_t parts : {1U, 2U, 7U, 14U}) {
            REQUIRE(world.send(world.packet(some(size), parts)));
            FakeCard::Bytes expected = some(size);
            expected.resize(std::max<std::size_t>(size, 17));  // the card makes 60 of them
            REQUIRE(world.card.sent.back() == expected);
            ++count, bytes += size;
        }
    }
    Packet gaps = world.packet(some(100), 40);
    gaps.append(world.packet({}));
    REQUIRE(world.send(std::move(gaps)));
    CHECK(world.card.sent.back() == some(100));
    world.nic->reclaim(0);
    CHECK(world.outside() == 0);
    CHECK(world.card.contexts == 0);
    CHECK(world.nic->statistics().sent.packets == count + 1);
    CHECK(world.nic->statistics().sent.bytes == bytes + 100);
}

TEST_CASE("what cannot be sent ends, counted") {
    World world;
    world.open();
    CHECK(world.send(Packet()));
    CHECK(world.send(world.packet({})));
    CHECK(world.send(world.packet(some(13))));
    CHECK(world.send(world.packet(some(1515))));
    CHECK(world.send(world.packet(some(1000), 41)));
    CHECK(world.card.sent.empty());
    CHECK(world.outside() == 0);
    CHECK(world.nic->statistics().sent.errors == 5);
}

TEST_CASE("there is room for so many packets, and somebody is told when there is more") {
    World world(GENERATE(messages, line));
    world.card.finishes = false;
    world.open();
    std::size_t taken = 0;
    for (;;) {
        Packet packet = world.packet(some(60));
        if (world.nic->send(0, std::span(&packet, 1)) == 0) break;
        ++taken;
    }
    CHECK(taken == ring - 4);  // room for a context and headers is wanted, and one is never used
    CHECK(world.nic->await(0, Event::received_or_room));
    CHECK(world.ears.calls == 0);
    world.card.finish(world.card.unfinished[1]);
    Packet next = world.packet(some(60));
    CHECK(world.nic->send(0, std::span(&next, 1)) == 0);  // out of turn
    CHECK(world.outside() == taken + 1);
    CHECK(world.nic->await(0, Event::received_or_room));
    const unsigned before = world.ears.calls;
    world.card.finish(world.card.unfinished[0]);
    CHECK(world.ears.calls == before + 1);
    world.card.finish(world.card.unfinished[2]);
    CHECK(world.ears.calls == before + 1);  // once
    CHECK_FALSE(world.nic->await(0, Event::received_or_room));
    CHECK(world.nic->await(0, Event::received));  // that is not asked for
    CHECK(world.nic->send(0, std::span(&next, 1)) == 1);
    CHECK(world.outside() == taken - 2);
    world.nic->close();
    CHECK(world.outside() == 0);
}

TEST_CASE("what arrives becomes packets, and interrupts who waits") {
    const Signals signals = GENERATE(messages, line);
    World world(signals);
    world.open();
    CHECK(world.card.buffers() == ring - 1);
    // All that is on the wire without its check sequence, but nothing damaged or too long. [82574 datasheet, 10.2.5.1]
    CHECK(world.card.at(e1000::Register::rctl) == (1U << 26 | 1 << 15 | 1 << 4 | 1 << 3 | 1 << 1));
    CHECK_FALSE(world.receive());
    unsigned calls = 0;
    for (const std::size_t size : {14U, 60U, 1518U}) {
        CHECK(world.nic->await(0, Event::received));
        REQUIRE(world.card.arrive(some(size)));
        CHECK(world.ears.calls == ++calls);
        CHECK((world.card.masked() & signals.of_received()) != 0);
        REQUIRE(world.card.arrive(some(61)));
        CHECK(world.ears.calls == calls);  // not again
        CHECK_FALSE(world.nic->await(0, Event::received));
        const Packet packet = world.receive();
        CHECK(bytes_of(packet) == some(size));
        CHECK(packet.offload() == Offload{});
        CHECK(reinterpret_cast<std::uintptr_t>(packet.bytes().data() + ethernet_header_size) % 8 == 0);
        CHECK(bytes_of(world.receive()) == some(61));
    }
    CHECK(world.nic->statistics().received.packets == 6);
    CHECK(world.nic->statistics().received.bytes == 14 + 60 + 1518 + 3 * 61);
    CHECK(world.nic->statistics().interrupts == 3);
}

TEST_CASE("who is busy is not interrupted, nor for what was polled") {
    World world(GENERATE(messages, line));
    world.open();
    for (int i = 0; i < 1000; ++i) {
        REQUIRE(world.card.arrive(some(60)));
        REQUIRE(world.receive());
    }
    CHECK(world.card.tails < 1000 / (ring / 8) + 4);
    CHECK(world.nic->await(0, Event::received));
    CHECK(world.ears.calls == 0);
    CHECK(world.nic->statistics().interrupts == 0);
    REQUIRE(world.card.arrive(some(60)));
    CHECK(world.ears.calls == 1);
}

TEST_CASE("a packet that comes while somebody begins to wait is not missed") {
    World world(GENERATE(messages, line));
    world.open();
    // At the moment that is given: the register accesses of await, one by one.
    for (unsigned moment = 0; moment != 6; ++moment) {
        while (world.receive()) {}
        const unsigned calls = world.ears.calls, from = world.card.reads;
        bool came = false;
        world.card.before_access = [&, left = moment]() mutable {
            if (left-- == 0) came = world.card.arrive(some(60));
        };
        const bool nothing_yet = world.nic->await(0, Event::received);
        world.card.before_access = nullptr;
        CHECK((nothing_yet || (world.card.masked() & messages.of_received()) != 0));
        if (!came) REQUIRE(world.card.arrive(some(60)));
        CHECK((!nothing_yet || world.ears.calls == calls + 1));
        CHECK(world.card.reads - from <= 2);
    }
}

TEST_CASE("one without an interrupt is looked at") {
    World world(nothing);
    world.open();
    CHECK(world.nic->properties().looked_at);
    CHECK(world.nic->look_at() == time::never);
    CHECK(world.nic->await(0, Event::received));
    CHECK(world.nic->look_at() - clock_now <= std::chrono::milliseconds(1));
    CHECK(world.nic->look_at() > clock_now);
    REQUIRE(world.card.arrive(some(60)));
    CHECK_FALSE(world.nic->await(0, Event::received));
    CHECK(world.ears.calls == 0);
    world.card.set_link(false);
    CHECK(world.receive());
    CHECK(world.nic->await(0, Event::received));
    CHECK(world.ears.changes == 1);
    CHECK_FALSE(world.nic->link().up);
    world.nic->close();
    CHECK(world.nic->look_at() == time::never);
}

TEST_CASE("the link") {
    const Signals signals = GENERATE(messages, line);
    World world(signals);
    CHECK_FALSE(world.nic->link().up);
    world.open();
    CHECK(world.nic->link().up);
    CHECK(world.nic->link().megabits == 1000);
    world.card.set_link(false);
    CHECK(world.ears.changes == 1);
    CHECK(world.ears.calls == 0);
    CHECK_FALSE(world.nic->link().up);
    world.card.set_link(false);  // other causes
    CHECK(world.ears.changes == 1);
    world.card.set_link(true);
    CHECK(world.ears.changes == 2);
    CHECK(world.nic->link().up);
    world.card.gone = true;
    signals.line ? world.nic->on_line() : world.nic->on_change();
    CHECK(world.ears.calls == 0);
    CHECK_FALSE(world.nic->link().up);
    world.card.gone = false;
}

TEST_CASE("checksums that the device found right") {
    World world;
    world.open();
    constexpr std::uint8_t done = 3, ignore = 4, tcp = 0x20, ip = 0x40;
    const auto checked = [&](unsigned status, unsigned errors) {
        REQUIRE(world.card.arrive(some(60), {}, static_cast<std::uint8_t>(status), static_cast<std::uint8_t>(errors)));
        return world.receive().offload().checksum == Offload::Checksum::verified;
    };
    CHECK(checked(done | tcp | ip, 0));
    CHECK(checked(done | tcp, 0));  // version 6
    CHECK_FALSE(checked(done | ip, 0));
    CHECK_FALSE(checked(done | tcp | ip, 0x20));
    CHECK_FALSE(checked(done | tcp | ip, 0x40));
    CHECK_FALSE(checked(done | tcp | ignore, 0));
    CHECK(world.nic->statistics().received.errors == 0);
}

TEST_CASE("who reads slowly runs the device out of buffers, and back") {
    World world;
    world.open();
    std::vector<Packet> kept;
    while (world.card.arrive(some(60))) {
        kept.push_back(world.receive());
        REQUIRE(kept.back());
    }
    CHECK(kept.size() == buffers);
    CHECK(world.nic->statistics().received.dropped == 1);
    kept.clear();
    world.nic->reclaim(0);  // any call will do
    CHECK(world.card.buffers() == ring - 1);
    CHECK(world.nic->statistics().received.dropped == 1);
}

TEST_CASE("closed and opened again") {
    World world(GENERATE(messages, line));
    world.card.forgets = GENERATE(true, false);
    REQUIRE(world.nic->prepare().has_value());
    world.nic->close();  // does nothing
    for (int round = 0; round < 3; ++round) {
        world.card.sent.clear();
        world.card.finishes = true;
        REQUIRE(world.nic->open(world.ears).has_value());
        CHECK(world.nic->open(world.ears).error() == Error::busy);
        CHECK(world.nic->statistics().interrupts == 0);
        REQUIRE(world.send(world.packet(some(100))));
        CHECK(world.card.sent.size() == 1);
        world.card.finishes = false;
        REQUIRE(world.send(world.packet(some(100))));
        CHECK(world.nic->await(0, Event::received));
        REQUIRE(world.card.arrive(some(60)));
        CHECK(world.nic->statistics().interrupts == 1);
        CHECK(world.receive());
        REQUIRE(world.card.arrive(some(60)));
        world.nic->close();
        CHECK(world.outside() == 0);
        CHECK_FALSE(world.card.running());
        CHECK_FALSE(world.card.arrive(some(60)));
        CHECK(world.card.masked() == ~0U);
        world.nic->on_queues();  // late
        world.nic->on_change();
    }
    CHECK(world.ears.calls == 3);
}
