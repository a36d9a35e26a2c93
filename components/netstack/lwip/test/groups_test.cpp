// SPDX-License-Identifier: BSD-3-Clause
#include "world.hpp"

#include <unicore/netstack/lock.hpp>
#include <unicore/netstack/udp.hpp>

#include <catch2/catch.hpp>

#include <algorithm>

using namespace unicore::netstack;
using namespace unicore::netstack::test;
using namespace std::chrono_literals;
using udp::Port;

namespace {

struct Counter final : udp::PortUser {
    void received(Port&) noexcept override { ++count; }
    int count = 0;
};

const Address group_4 = Address::v4(239, 1, 2, 3);
const Address group_6{Address::Family::v6, {0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x12, 0x34}};
constexpr std::array<std::uint8_t, 6> group_4_mac{1, 0, 0x5e, 1, 2, 3}, group_6_mac{0x33, 0x33, 0, 0, 0x12, 0x34};
const Bytes our_address6{0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xfe, 0, 0, 2};

Bytes group_bytes(const Address& group) {
    return Bytes(group.bytes.begin(), group.bytes.begin() + static_cast<std::ptrdiff_t>(group.size()));
}

/// A datagram from us to the group, of ten bytes.
Bytes to_group(const Address& group, unsigned port) {
    const Bytes payload(10, 0x55);
    const Bytes udp = word(7) + word(port) + word(18) + word(0) + payload;
    if (group.family == Address::Family::v4) {
        const Bytes header = Bytes{0x45, 0} + word(38) + word(1) + word(0) + Bytes{1, 17} + word(0) + bytes(our_address) +
                             group_bytes(group);
        return ethernet(group_4_mac, 0x0800) + with_checksum(header, 10) + udp;
    }
    const Bytes pseudo = our_address6 + group_bytes(group) + word(0) + word(18) + word(0) + word(17);
    return ethernet(group_6_mac, 0x86dd) + Bytes{0x60, 0, 0, 0} + word(18) + Bytes{17, 1} + our_address6 +
           group_bytes(group) + with_checksum(udp, 6, pseudo);
}

/// IGMP of that type for the group. [RFC 2236, 2]
auto igmp(std::uint8_t type) {
    return [type](const Bytes& frame) {
        if (word_at(frame, 12) != 0x0800 || frame[23] != 2) return false;
        const std::size_t at = 14 + 4U * (frame[14] & 15);
        return frame[at] == type && from(frame, at + 4, 4) == group_bytes(group_4) && sums(from(frame, at, 8));
    };
}
/// MLD of that type for the group. [RFC 2710, 3]
auto mld(std::uint8_t type) {
    return [type](const Bytes& frame) {
        return word_at(frame, 12) == 0x86dd && frame[20] == 0 && frame[62] == type &&
               from(frame, 70, 16) == group_bytes(group_6);
    };
}
/// A datagram to that port.
auto datagram(unsigned port) {
    return [port](const Bytes& frame) {
        if (word_at(frame, 12) == 0x0800) return frame[23] == 17 && word_at(frame, 36) == port;
        return word_at(frame, 12) == 0x86dd && frame[20] == 17 && word_at(frame, 56) == port;
    };
}

/// How many of `ports` have got one, which is dropped.
template <typename... Ports>
int heard(Ports&... ports) {
    pass(10ms);
    const Lock lock;
    int count = 0;
    for (Port* const port : {&ports...})
        for (; port->readable(); port->drop()) ++count;
    return count;
}

void begin() {
    World& world = World::get();
    pass(5s);
    introduce(world.near);
    world.near.drain();
}

}  // namespace

TEST_CASE("what is no group is not joined, and one twice neither") {
    begin();
    Counter counter;
    Port port(counter);
    unicore::net::loopback::Cable stranger{"stranger", "peer-of-stranger"};
    const Lock lock;
    for (const Address& none : {Address{}, Address::v4(10, 0, 0, 1), Address::v4(223, 1, 1, 1), Address::v4(240, 1, 1, 1),
                                Address::v4(224, 0, 0, 1), Address{Address::Family::v6, {0xfe, 0x80}}})
        CHECK(port.join(none).error() == Failure::invalid);
    CHECK(port.join(group_4, &stranger.left()).error() == Failure::unreachable);
    CHECK(port.set_to_groups({.device = &stranger.left()}).error() == Failure::unreachable);
    CHECK(port.leave(group_4).error() == Failure::invalid);
    REQUIRE(port.join(group_4).has_value());
    CHECK(port.join(group_4).error() == Failure::address_in_use);
    CHECK(port.join(group_4, &World::get().given.left()).error() == Failure::address_in_use);  // the first device
    CHECK(port.join(group_4, &World::get().between.left()).has_value());
    CHECK(port.leave(group_4).has_value());
    CHECK(port.leave(group_4).error() == Failure::invalid);
    CHECK(port.leave(group_4, &World::get().between.left()).has_value());
}

TEST_CASE("who takes part is told of to the network, and hears what is sent to the group") {
    begin();
    World& world = World::get();
    for (const Address& group : {group_4, group_6}) {
        const bool six = group.family == Address::Family::v6;
        INFO((six ? "version 6" : "version 4"));
        Counter counter;
        Port first(counter), second(counter), elsewhere(counter);
        {
            const Lock lock;
            REQUIRE(first.bind({{group.family, {}}, 4000}, true).has_value());
            REQUIRE(second.bind({group, 4000}, true).has_value());
            REQUIRE(elsewhere.bind({{group.family, {}}, 4001}, true).has_value());
        }
        world.near.send(to_group(group, 4000));
        CHECK(heard(first, second, elsewhere) == 0);
        {
            const Lock lock;
            REQUIRE(first.join(group).has_value());
        }
        CHECK((six ? world.near.receive_such(mld(131)) : world.near.receive_such(igmp(0x16))));
        world.near.send(to_group(group, 4000));
        CHECK(heard(first, second, elsewhere) == 2);  // a copy each
        {
            const Lock lock;
            REQUIRE(second.join(group).has_value());
            first.close();
        }
        world.near.send(to_group(group, 4000));
        CHECK(heard(second) == 1);  // one is left that takes part
        CHECK_FALSE((six ? world.near.receive_such(mld(132), 1s) : world.near.receive_such(igmp(0x17), 1s)));
        {
            const Lock lock;
            second.close();
        }
        CHECK((six ? world.near.receive_such(mld(132)) : world.near.receive_such(igmp(0x17))));
        const Lock lock;
        REQUIRE(first.bind({{group.family, {}}, 4000}).has_value());
        world.near.send(to_group(group, 4000));
        CHECK_FALSE(first.readable());
    }
    pass(20s);
    CHECK(world.near.quiet());
}

TEST_CASE("what is sent to a group goes one network far, and comes back to who takes part") {
    begin();
    World& world = World::get();
    for (const Address& group : {group_4, group_6}) {
        const bool six = group.family == Address::Family::v6;
        INFO((six ? "version 6" : "version 4"));
        const std::size_t hops = six ? 21 : 22;
        Counter counter;
        Port sender(counter), listener(counter);
        const auto send = [&] {
            const Lock lock;
            return sender.send(std::as_bytes(std::span("hello")), {group, 4000}).has_value();
        };
        {
            const Lock lock;
            REQUIRE(listener.bind({{group.family, {}}, 4000}, true).has_value());
            REQUIRE(listener.join(group).has_value());
            REQUIRE(sender.set_to_groups({.device = &world.given.left()}).has_value());
        }
        REQUIRE(send());
        auto frame = world.near.receive_such(datagram(4000));
        REQUIRE(frame);
        CHECK(from(*frame, 0, 6) == (six ? bytes(group_6_mac) : bytes(group_4_mac)));
        CHECK((*frame)[hops] == 1);
        CHECK(heard(listener) == 1);

        {
            const Lock lock;
            REQUIRE(sender.set_to_groups({.device = &world.given.left(), .hops = 9, .comes_back = false}).has_value());
            CHECK(sender.to_groups().hops == 9);
        }
        REQUIRE(send());
        frame = world.near.receive_such(datagram(4000));
        REQUIRE(frame);
        CHECK((*frame)[hops] == 9);
        CHECK(heard(listener) == 0);

        {
            const Lock lock;
            REQUIRE(sender.set_to_groups({.device = &world.asking.left()}).has_value());
        }
        world.far.drain();
        REQUIRE(send());
        CHECK_FALSE(world.near.receive_such(datagram(4000), 1s));
        if (six) {  // without an address of version 4 nothing of it leaves
            CHECK(world.far.receive_such(datagram(4000)));
        }
        CHECK(heard(listener) == 0);
    }
}

TEST_CASE("without memory a group is not joined, and those that there are stay") {
    begin();
    Counter counter;
    Port port(counter);
    const Lock lock;
    unsigned joined = 0;
    for (unsigned i = 0; i != 100; ++i) {
        const auto outcome = port.join(Address::v4(239, 9, 9, static_cast<std::uint8_t>(i)));
        if (!outcome) {
            CHECK(outcome.error() == Failure::no_memory);
            break;
        }
        ++joined;
    }
    CHECK(joined >= 16);
    CHECK(joined < 100);
    for (unsigned i = 0; i != joined; ++i)
        CHECK(port.leave(Address::v4(239, 9, 9, static_cast<std::uint8_t>(i))).has_value());
    CHECK(port.join(group_4).has_value());
}
