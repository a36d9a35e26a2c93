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

const Address near = Address::v4(10, 0, 0, 1);

std::vector<std::byte> pattern(std::size_t size) {
    std::vector<std::byte> bytes(size);
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::byte>(i * 13 >> 3);
    return bytes;
}

}  // namespace

TEST_CASE("what cannot be opened or sent is refused") {
    Counter at_server, at_client;
    Port server(at_server), client(at_client);
    const Lock lock;
    REQUIRE(server.bind({Address{}, 4000}).has_value());
    CHECK(server.bind({Address{}, 4001}).error() == Failure::invalid);
    Port other(at_client);
    CHECK(other.bind({Address{}, 4000}).error() == Failure::address_in_use);
    CHECK(client.send(pattern(1)).error() == Failure::invalid);
    CHECK(client.send(pattern(1), {near, 0}).error() == Failure::invalid);
    CHECK(client.send(pattern(Port::most + 1), {near, 4000}).error() == Failure::invalid);
}

TEST_CASE("each arrives once, where it was sent") {
    World& world = World::get();
    Counter at_server, at_client;
    Port server(at_server), client(at_client);
    {
        const Lock lock;
        REQUIRE(server.bind({Address{}, 4000}).has_value());
    }
    for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{1472}, std::size_t{1473}, std::size_t{20'000}, Port::most}) {
        {
            const Lock lock;
            REQUIRE(client.send(pattern(size), {near, 4000}).has_value());
        }
        pass(1ms);
        const Lock lock;
        REQUIRE(server.readable());
        CHECK(server.size() == size);
        CHECK(server.from().port == client.own().port);
        CHECK(server.from().address == near);
        std::vector<std::byte> got(size + 10);
        CHECK(server.copy_to(got) == size);
        got.resize(size);
        CHECK(got == pattern(size));
        CHECK(server.copy_to(got, size) == 0);
        if (size > 100) {
            CHECK(server.copy_to(std::span(got).first(10), 50) == 10);
            const auto all = pattern(size);
            CHECK(std::equal(got.begin(), got.begin() + 10, all.begin() + 50));
        }
        server.drop();
        CHECK_FALSE(server.readable());
    }
    CHECK(at_server.count == 6);
    {
        const Lock lock;
        server.close();
        client.close();
    }
    pass(1s);
    CHECK(world.near.quiet());
}

TEST_CASE("one that is connected hears nobody else, and what nobody reads is lost") {
    Counter counter;
    Port server(counter), friendly(counter), stranger(counter);
    {
        const Lock lock;
        REQUIRE(server.bind({near, 4000}).has_value());
        REQUIRE(friendly.bind({near, 5000}).has_value());
        REQUIRE(stranger.bind({near, 6000}).has_value());
        REQUIRE(server.connect({near, 5000}).has_value());
        CHECK(server.other() == Endpoint{near, 5000});
        REQUIRE(stranger.send(pattern(10), {near, 4000}).has_value());
        REQUIRE(friendly.send(pattern(20), {near, 4000}).has_value());
        REQUIRE(server.send(pattern(30)).has_value());
    }
    pass(1ms);
    {
        const Lock lock;
        REQUIRE(server.readable());
        CHECK(server.size() == 20);
        server.drop();
        CHECK_FALSE(server.readable());
        REQUIRE(friendly.readable());
        CHECK(friendly.size() == 30);
        server.disconnect();
        CHECK(server.other() == Endpoint{});
        server.set_limit(100);
        for (int i = 0; i < 10; ++i) REQUIRE(stranger.send(pattern(30), {near, 4000}).has_value());
    }
    pass(1ms);
    const Lock lock;
    int count = 0;
    for (; server.readable(); server.drop()) ++count;
    CHECK(count == 3);
    CHECK(server.lost() == 7);
}

TEST_CASE("a broadcast leaves only by who may send one, and reaches the wire") {
    World& world = World::get();
    Counter counter;
    Port port(counter);
    world.near.drain();
    {
        const Lock lock;
        CHECK_FALSE(port.send(pattern(10), {Address::v4(10, 0, 0, 255), 7}).has_value());
        port.set_broadcast(true);
        CHECK(port.send(pattern(10), {Address::v4(10, 0, 0, 255), 7}).has_value());
    }
    const auto frame = world.near.receive_such([](const Bytes& f) { return f.size() > 42 && f[0] == 0xff && f[23] == 17; });
    REQUIRE(frame);
    CHECK((*frame)[36] == 0);
    CHECK((*frame)[37] == 7);
}
