// SPDX-License-Identifier: BSD-3-Clause
// Requests and answers over a network that loses one packet of a hundred: nobody waits for long, and nothing grows.
// UNICORE_SECONDS of virtual time.
#include "users.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cstdio>

using namespace unicore::netstack;
using namespace unicore::netstack::test;
using namespace std::chrono_literals;
using unicore::time::Monotonic;

namespace {

constexpr std::size_t asked = 40, answered = 431;  // a request of wrk's, and the answer with a body of 131

class Server final : public tcp::AcceptorUser {
public:
    class One final : public tcp::ConnectionUser {
    public:
        void connected(tcp::Connection&) noexcept override { connection.accepted(); }
        void received(tcp::Connection&) noexcept override { work(); }
        void sent(tcp::Connection&) noexcept override { work(); }
        void failed(tcp::Connection&, Failure) noexcept override {}
        tcp::Connection connection{*this};

    private:
        void work() noexcept {
            static constexpr std::array<std::byte, answered> answer{};
            while (connection.readable_size() >= asked && connection.room() >= answered) {
                connection.consume(asked);
                static_cast<void>(connection.write(answer));
            }
            connection.flush();
            if (connection.ended()) connection.close();
        }
    };
    tcp::Connection* accept(const Endpoint&) noexcept override { return &ones.emplace_back().connection; }

    tcp::Acceptor acceptor{*this};
    std::list<One> ones;
};

class Client final : public tcp::ConnectionUser {
public:
    void connected(tcp::Connection&) noexcept override { ask(); }
    void received(tcp::Connection&) noexcept override {
        const std::size_t size = connection.readable_size();
        connection.consume(size);
        got += size;
        if (got < answered) return;
        longest = std::max(longest, Monotonic::now() - since);
        ++exchanges;
        right &= got == answered;
        ask();
    }
    void sent(tcp::Connection&) noexcept override {}
    void failed(tcp::Connection&, Failure) noexcept override { failures += 1; }

    tcp::Connection connection{*this};
    std::size_t exchanges = 0, failures = 0, got = 0;
    unicore::time::Duration longest{};
    bool right = true;

private:
    void ask() noexcept {
        static constexpr std::array<std::byte, asked> request{};
        got = 0;
        since = Monotonic::now();
        right &= connection.write(request) == asked;
        connection.flush();
    }
    unicore::time::Instant since{};
};

}  // namespace

TEST_CASE("eight clients that ask and ask, where one packet of a hundred is lost") {
    const unsigned seconds = given_number("UNICORE_SECONDS", 600);
    World& world = World::get();
    pass(10s);
    const std::size_t heap_before = heap_bytes();
    Server server;
    std::array<Client, 8> clients;
    {
        const Lock lock;
        REQUIRE(server.acceptor.listen({Address::v4(10, 2, 0, 1), 80}, 16, &world.between.right()).has_value());
        for (Client& client : clients) {
            REQUIRE(client.connection.bind(world.between.left()).has_value());
            REQUIRE(client.connection.bind(Endpoint{Address::v4(10, 1, 0, 1)}).has_value());
            REQUIRE(client.connection.connect({Address::v4(10, 2, 0, 1), 80}).has_value());
        }
    }
    world.between.set_faults({.lost = given_number("UNICORE_LOST", 10'000), .delay = 500us, .seed = given_number("UNICORE_SEED", 1)});
    std::size_t heap_most = 0;
    for (unsigned passed = 0; passed < seconds; passed += 10) {
        std::array<std::size_t, 8> before;
        std::ranges::transform(clients, before.begin(), &Client::exchanges);
        pass(10s);
        heap_most = std::max(heap_most, heap_bytes());
        std::size_t all = 0, all_before = 0;
        for (std::size_t i = 0; i != clients.size(); ++i) all += clients[i].exchanges, all_before += before[i];
        REQUIRE(all > all_before);
    }
    std::size_t exchanges = 0;
    unicore::time::Duration longest{};
    for (const Client& client : clients) {
        CHECK(client.failures == 0);
        CHECK(client.right);
        CHECK(client.exchanges > seconds);  // none of them starves
        exchanges += client.exchanges;
        longest = std::max(longest, client.longest);
    }
    const auto lost = world.between.left().statistics().sent.packets + world.between.right().statistics().sent.packets;
    std::printf("%zu answers in %u s, %llu packets, the longest took %lld ms; up to %zu bytes of heap\n", exchanges, seconds,
                static_cast<unsigned long long>(lost), static_cast<long long>(longest / 1ms), heap_most);
    CHECK(longest < 60s);
    CHECK(heap_most < heap_before + 100'000);
    world.between.set_faults({});
    {
        const Lock lock;
        for (Client& client : clients) client.connection.close();
        server.acceptor.close();
    }
    pass(300s);
    {
        const Lock lock;
        for (Server::One& one : server.ones) CHECK_FALSE(one.connection.open());
    }
    CHECK(heap_bytes() == heap_before);
    for (auto* line : {&world.between.to_left(), &world.between.to_right()}) CHECK(line->statistics().free == line->statistics().count);
}
