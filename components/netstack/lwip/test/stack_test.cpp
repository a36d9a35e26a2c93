// SPDX-License-Identifier: BSD-3-Clause
#include "world.hpp"

#include "../timers.hpp"

#include <unicore/netstack.hpp>
#include <unicore/netstack/lock.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <random>

using namespace unicore::netstack::test;
using namespace std::chrono_literals;
using unicore::Error;
using unicore::netstack::Address;
using unicore::netstack::InterfaceAddress;

namespace {

Bytes echo_request(const Bytes& payload, unsigned sequence = 7) {
    return with_checksum(Bytes{8, 0, 0, 0} + word(0x1234) + word(sequence) + payload, 2);
}

}  // namespace

TEST_CASE("it answers for its address, and for no other") {
    Peer& peer = World::get().near;
    peer.drain();
    introduce(peer);
    peer.send(ethernet(unicore::net::broadcast.bytes, 0x0806) + arp(1, bytes(our_address), Bytes(6, 0), Bytes{10, 0, 0, 9}));
    CHECK_FALSE(peer.receive_such(of_type(0x0806), 500ms));
    peer.send(ethernet(unicore::net::broadcast.bytes, 0x0806) + arp(1, bytes(our_address), Bytes(6, 0), bytes(stack_address)));
    const auto answer = peer.receive_such(of_type(0x0806));
    REQUIRE(answer);
    CHECK(from(*answer, 0, 12) == bytes(our_mac) + bytes(stack_mac));
    CHECK(word_at(*answer, 20) == 2);
    CHECK(from(*answer, 22, 10) == bytes(stack_mac) + bytes(stack_address));
}

TEST_CASE("it answers a ping of any size, in any number of parts") {
    Peer& peer = World::get().near;
    introduce(peer);
    std::mt19937 random(20261127);
    for (const std::size_t size : {0, 1, 8, 56, 57, 1000, 1471, 1472}) {
        Bytes payload(size);
        std::ranges::generate(payload, [&] { return static_cast<std::uint8_t>(random()); });
        for (const std::size_t parts : {1, 2, 3}) {
            peer.send(ethernet(stack_mac, 0x0800) + ipv4(1, echo_request(payload)), parts);
            const auto answer = peer.receive_such(of_type(0x0800));
            REQUIRE(answer);
            CHECK(from(*answer, 26, 8) == bytes(stack_address) + bytes(our_address));
            CHECK(sums(from(*answer, 14, 20)));
            const Bytes icmp = from(*answer, 34, 8 + size);  // short frames may be padded
            CHECK(sums(icmp));
            CHECK(icmp[0] == 0);
            CHECK(from(icmp, 4) == word(0x1234) + word(7) + payload);
        }
    }
    pass(10ms);
    CHECK(peer.quiet());
}

TEST_CASE("fragments are put together, in any order, and large answers are taken apart") {
    Peer& peer = World::get().near;
    introduce(peer);
    Bytes payload(4000);
    std::ranges::generate(payload, [n = 0]() mutable { return static_cast<std::uint8_t>(n++ * 7); });
    const Bytes message = echo_request(payload);
    const Bytes pieces[] = {ipv4(1, from(message, 0, 1480), 0x2000, 9), ipv4(1, from(message, 1480, 1480), 0x2000 | 185, 9),
                            ipv4(1, from(message, 2960), 370, 9)};
    for (const int index : {2, 0, 1}) peer.send(ethernet(stack_mac, 0x0800) + pieces[index]);
    Bytes answer(message.size());
    std::size_t got = 0;
    while (got < message.size()) {
        const auto frame = peer.receive_such(of_type(0x0800));
        REQUIRE(frame);
        const std::size_t size = word_at(*frame, 16) - 20, place = (word_at(*frame, 20) & 0x1fff) * 8;
        REQUIRE(place + size <= answer.size());
        std::ranges::copy(from(*frame, 34, size), answer.begin() + static_cast<std::ptrdiff_t>(place));
        got += size;
    }
    CHECK(sums(answer));
    CHECK(from(answer, 8) == payload);
    pass(10ms);
    CHECK(peer.quiet());
}

TEST_CASE("fragments that never become whole are forgotten") {
    Peer& peer = World::get().near;
    introduce(peer);
    for (unsigned number = 100; number < 400; ++number) {
        peer.send(ethernet(stack_mac, 0x0800) + ipv4(1, Bytes(800, 1), 0x2000, number));
        pass(1ms);
    }
    pass(60s);
    peer.drain();
    CHECK(peer.quiet());
    peer.send(ethernet(stack_mac, 0x0800) + ipv4(1, echo_request({1, 2, 3})));
    CHECK(peer.receive_such(of_type(0x0800)));
}

TEST_CASE("IPv6: it answers for its address, and a ping") {
    Peer& peer = World::get().near;
    pass(3s);  // until it knows that nobody else has the address
    peer.drain();
    const Bytes ours{0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2}, its{0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
    const auto packet = [&](const Bytes& to, const Bytes& message) {
        const Bytes length = word(static_cast<unsigned>(message.size()));
        const Bytes checked = with_checksum(message, 2, ours + to + Bytes{0, 0} + length + Bytes{0, 0, 0, 58});
        return Bytes{0x60, 0, 0, 0} + length + Bytes{58, 255} + ours + to + checked;
    };
    const Bytes group{0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff, 0, 0, 1};
    const Bytes solicitation = Bytes{135, 0, 0, 0, 0, 0, 0, 0} + its + Bytes{1, 1} + bytes(our_mac);
    const std::array<std::uint8_t, 6> group_mac{0x33, 0x33, 0xff, 0, 0, 1};
    peer.send(ethernet(group_mac, 0x86dd) + packet(group, solicitation));
    const auto advertisement = peer.receive_such([](const Bytes& f) { return word_at(f, 12) == 0x86dd && f.size() > 54 && f[54] == 136; });
    REQUIRE(advertisement);
    CHECK(from(*advertisement, 62, 16) == its);
    CHECK(from(*advertisement, 80, 6) == bytes(stack_mac));

    peer.send(ethernet(stack_mac, 0x86dd) + packet(its, Bytes{128, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7}));
    const auto answer = peer.receive_such([](const Bytes& f) { return word_at(f, 12) == 0x86dd && f.size() > 54 && f[54] == 129; });
    REQUIRE(answer);
    CHECK(from(*answer, 58, 7) == Bytes{1, 2, 3, 4, 5, 6, 7});
    CHECK(sums(from(*answer, 22, 32) + Bytes{0, 0} + word(11) + Bytes{0, 0, 0, 58} + from(*answer, 54, 11)));
}

TEST_CASE("an interface without an address asks for one, and has it when it was told") {
    Peer& peer = World::get().far;
    const auto is_dhcp = [](const Bytes& f) { return word_at(f, 12) == 0x0800 && f.size() > 282 && f[23] == 17 && word_at(f, 36) == 67; };
    const auto kind = [](const Bytes& f) {  // the first option is that of the message's type, as lwIP writes it
        return f[282] == 53 ? f[284] : 0;
    };
    const auto answer = [&](const Bytes& question, std::uint8_t type) {
        const Bytes server{192, 0, 2, 1}, offered{192, 0, 2, 77};
        Bytes message = Bytes{2, 1, 6, 0} + from(question, 46, 4) + Bytes(8, 0) + offered + server + Bytes(4, 0) +
                        bytes(stack_mac) + Bytes(10 + 64 + 128, 0) + Bytes{99, 130, 83, 99} + Bytes{53, 1, type} + Bytes{54, 4} +
                        server + Bytes{51, 4, 0, 0, 14, 16} + Bytes{1, 4, 255, 255, 255, 0} + Bytes{3, 4} + server + Bytes{255};
        const Bytes datagram = word(67) + word(68) + word(static_cast<unsigned>(8 + message.size())) + word(0) + message;
        const Bytes header = Bytes{0x45, 0} + word(static_cast<unsigned>(20 + datagram.size())) + word(1) + word(0) + Bytes{64, 17} +
                             word(0) + server + Bytes{255, 255, 255, 255};
        peer.send(ethernet(unicore::net::broadcast.bytes, 0x0800) + with_checksum(header, 10) + datagram);
    };
    const auto discover = peer.receive_such([&](const Bytes& f) { return is_dhcp(f) && kind(f) == 1; }, 60s);
    REQUIRE(discover);
    answer(*discover, 2);
    const auto request = peer.receive_such([&](const Bytes& f) { return is_dhcp(f) && kind(f) == 3; }, 60s);
    REQUIRE(request);
    answer(*request, 5);
    pass(10s);  // it asks whether anybody has it already
    std::array<InterfaceAddress, 16> addresses;
    const std::size_t count = unicore::netstack::addresses(addresses);
    REQUIRE(count <= addresses.size());
    const auto all = std::span(addresses).first(count);
    const auto found = std::ranges::find_if(all, [](const auto& a) { return a.prefix.address == Address::v4(192, 0, 2, 77); });
    REQUIRE((found != all.end()));
    CHECK(found->prefix.length == 24);
    CHECK(found->valid);
    CHECK(found->device == &World::get().asking.left());
    CHECK(unicore::netstack::wait_for_address(unicore::time::Monotonic::now()).has_value());
    peer.drain();
}

TEST_CASE("from one timer to the next there is time") {
    World::get();
    {
        const unicore::netstack::Lock lock;
        namespace time = unicore::time;
        time::Instant now = time::Monotonic::now() + 123'457ns;
        const time::Instant end = now + 10s;
        unsigned rounds = 0;
        for (; now < end; ++rounds) {
            const time::Instant next = unicore::netstack::lwip::run_timers(now);
            REQUIRE(next > now);
            now = next + (rounds % 2 == 0 ? 700us : 3us);  // late, as interrupts are
        }
        CHECK(rounds <= 10s / 100ms + 1);
    }
    pass(10s);
}
