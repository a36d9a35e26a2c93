// SPDX-License-Identifier: BSD-3-Clause
#include "world.hpp"

#include <unicore/netstack/lock.hpp>
#include <unicore/netstack/tcp.hpp>

#include <unicore/netstack/lwip/config.hpp>

#include <lwip/priv/tcp_priv.h>

#include <catch2/catch.hpp>

#include <algorithm>
#include <list>
#include <memory>
#include <optional>

using namespace unicore::netstack;
using namespace unicore::netstack::test;
using namespace std::chrono_literals;
using unicore::time::Monotonic;
using tcp::Acceptor;
using tcp::Connection;

namespace {

/// A pattern in which every byte tells where it is.
std::byte at(std::size_t place) { return static_cast<std::byte>(place ^ place >> 8 ^ place >> 16); }

/// Sends back what it gets.
struct Echo final : tcp::AcceptorUser {
    struct One final : tcp::ConnectionUser {
        explicit One(Echo& echo) : echo(echo) {}
        void connected(Connection&) noexcept override { connection.accepted(); }
        void received(Connection&) noexcept override { answer(); }
        void sent(Connection&) noexcept override { answer(); }
        void failed(Connection&, Failure why) noexcept override { failure = why; }
        void answer() noexcept {
            while (!connection.readable().empty()) {
                const auto done = connection.write(connection.readable());
                if (!done || *done == 0) break;
                connection.consume(*done);
            }
            connection.flush();
            if (connection.ended() && connection.readable_size() == 0) connection.close();
        }
        Echo& echo;
        Connection connection{*this};
        std::optional<Failure> failure;
    };
    Connection* accept(const Endpoint& from) noexcept override {
        last = from;
        if (refuse) return nullptr;
        return &ones.emplace_back(*this).connection;
    }

    Acceptor acceptor{*this};
    std::list<One> ones;
    Endpoint last;
    bool refuse = false;
};

/// Sends the pattern and expects it back.
struct Client final : tcp::ConnectionUser {
    explicit Client(std::size_t total) : total(total) {}
    void connected(Connection&) noexcept override {
        is_connected = true;
        own = connection.own();
        other = connection.other();
        go_on();
    }
    void sent(Connection&) noexcept override { go_on(); }
    void received(Connection&) noexcept override {
        while (!connection.readable().empty()) {
            const auto piece = connection.readable();
            for (const std::byte byte : piece) right &= byte == at(got++);
            connection.consume(piece.size());
        }
        if (connection.ended()) ended = true;
    }
    void failed(Connection&, Failure why) noexcept override { failure = why; }
    void go_on() noexcept {
        while (put < total) {
            std::array<std::byte, 1000> piece;
            const std::size_t size = std::min(piece.size(), total - put);
            for (std::size_t i = 0; i < size; ++i) piece[i] = at(put + i);
            const std::size_t done = connection.write(std::span(piece).first(size)).value_or(0);
            put += done;
            if (done != size) break;
        }
        if (put == total && !done) done = connection.shut_down().has_value();
        connection.flush();
    }

    Connection connection{*this};
    std::size_t total, put = 0, got = 0;
    Endpoint own, other;
    bool is_connected = false, right = true, done = false, ended = false;
    std::optional<Failure> failure;
};

template <typename Condition>
bool soon(Condition condition, unicore::time::Duration patience = 10s) {
    for (const auto deadline = Monotonic::now() + patience; !condition(); pass(1ms))
        if (Monotonic::now() >= deadline) return false;
    return true;
}

const Address near = Address::v4(10, 0, 0, 1);

void expect_quiet(World& world) {
    pass(300s);  // until connections have been forgotten
    world.near.drain();
    world.far.drain();
    CHECK(world.near.quiet());
    for (auto* line : {&world.between.to_left(), &world.between.to_right()}) CHECK(line->statistics().free == line->statistics().count);
}

}  // namespace

TEST_CASE("a connection to ourselves: everything comes back, and both ends end") {
    World& world = World::get();
    Echo echo;
    Client client(300'000);
    {
        const Lock lock;
        REQUIRE(echo.acceptor.listen({Address{}, 7}).has_value());
        CHECK(echo.acceptor.own().port == 7);
        REQUIRE(client.connection.connect({near, 7}).has_value());
        CHECK(client.connection.connect({near, 7}).error() == Failure::invalid);
    }
    REQUIRE(soon([&] { return client.ended; }));
    CHECK(client.is_connected);
    CHECK(client.got == client.total);
    CHECK(client.right);
    CHECK_FALSE(client.failure);
    REQUIRE(echo.ones.size() == 1);
    CHECK_FALSE(echo.ones.front().failure);
    CHECK_FALSE(echo.ones.front().connection.open());
    {
        const Lock lock;
        CHECK(client.other == Endpoint{near, 7});
        CHECK(client.own == echo.last);
        CHECK(client.connection.other() == Endpoint{});  // it is over
        client.connection.close();
        CHECK_FALSE(client.connection.open());
        CHECK(client.connection.write({}).error() == Failure::invalid);
        echo.acceptor.close();
    }
    expect_quiet(world);
}

TEST_CASE("over a cable that loses, doubles, damages and reorders, everything comes as it was sent") {
    World& world = World::get();
    world.between.set_faults({.lost = 20'000, .duplicated = 10'000, .damaged = 10'000, .overtaken = 30'000, .delay = 2ms,
                              .overtaken_by = 7ms, .seed = 20261127});
    Echo echo;
    Client client(400'000);
    {
        const Lock lock;
        REQUIRE(echo.acceptor.listen({Address::v4(10, 2, 0, 1), 7}, 8, &world.between.right()).has_value());
        REQUIRE(client.connection.bind(world.between.left()).has_value());
        REQUIRE(client.connection.bind(Endpoint{Address::v4(10, 1, 0, 1)}).has_value());
        REQUIRE(client.connection.connect({Address::v4(10, 2, 0, 1), 7}).has_value());
    }
    REQUIRE(soon([&] { return client.ended; }, 600s));
    CHECK(client.got == client.total);
    CHECK(client.right);
    CHECK(world.between.left().statistics().sent.packets > 300);
    world.between.set_faults({});
    {
        const Lock lock;
        client.connection.close();
    }
    expect_quiet(world);
}

TEST_CASE("who connects to nobody is refused, and who connects into nothing gives up") {
    World& world = World::get();
    Client refused(1), lost(1);
    {
        const Lock lock;
        REQUIRE(refused.connection.connect({near, 9}).has_value());
        REQUIRE(lost.connection.connect({Address::v4(10, 0, 0, 99), 9}).has_value());
    }
    REQUIRE(soon([&] { return refused.failure.has_value(); }));
    CHECK(*refused.failure == Failure::refused);
    CHECK_FALSE(refused.connection.open());
    REQUIRE(soon([&] { return lost.failure.has_value(); }, 600s));
    CHECK(*lost.failure == Failure::timed_out);
    expect_quiet(world);
}

TEST_CASE("an application may refuse, and abort while it is told of something") {
    World& world = World::get();
    struct Aborts final : tcp::ConnectionUser {
        void connected(Connection& connection) noexcept override { connection.accepted(); }
        void received(Connection& connection) noexcept override { connection.abort(); }
        void sent(Connection&) noexcept override {}
        void failed(Connection&, Failure) noexcept override { FAIL("it was aborted by us"); }
    } aborts;
    Connection aborting(aborts);
    struct Once final : tcp::AcceptorUser {
        explicit Once(Connection& connection) : connection(&connection) {}
        Connection* accept(const Endpoint&) noexcept override { return std::exchange(connection, nullptr); }
        Connection* connection;
    } once(aborting);
    Acceptor acceptor(once);
    Client first(10'000), second(10);
    {
        const Lock lock;
        REQUIRE(acceptor.listen({Address{}, 13}).has_value());
        CHECK(acceptor.listen({Address{}, 13}).error() == Failure::invalid);
        Acceptor other(once);
        CHECK(other.listen({Address{}, 13}).error() == Failure::address_in_use);
        REQUIRE(first.connection.connect({near, 13}).has_value());
    }
    REQUIRE(soon([&] { return first.failure.has_value(); }));
    CHECK(*first.failure == Failure::reset);
    CHECK_FALSE(aborting.open());
    {
        const Lock lock;
        REQUIRE(second.connection.connect({near, 13}).has_value());
    }
    REQUIRE(soon([&] { return second.failure.has_value(); }));
    {
        const Lock lock;
        acceptor.close();
    }
    expect_quiet(world);
}

TEST_CASE("a reader who does not read stops the writer; what nobody reads is a reset") {
    World& world = World::get();
    struct Idle final : tcp::ConnectionUser {
        void connected(Connection& connection) noexcept override { connection.accepted(); }
        void received(Connection&) noexcept override {}
        void sent(Connection&) noexcept override {}
        void failed(Connection&, Failure) noexcept override {}
    } idle;
    Connection reader(idle);
    struct Once final : tcp::AcceptorUser {
        explicit Once(Connection& connection) : connection(connection) {}
        Connection* accept(const Endpoint&) noexcept override { return &connection; }
        Connection& connection;
    } once(reader);
    Acceptor acceptor(once);
    Client writer(10'000'000);
    {
        const Lock lock;
        REQUIRE(acceptor.listen({Address{}, 19}).has_value());
        REQUIRE(writer.connection.connect({near, 19}).has_value());
    }
    pass(60s);
    const std::size_t waiting = reader.readable_size();
    CHECK(waiting > 100'000);
    CHECK(waiting <= 256 * 1024);
    CHECK(writer.put < 1'000'000);
    {
        const Lock lock;
        std::size_t place = 0;
        while (!reader.readable().empty()) {
            const auto piece = reader.readable();
            REQUIRE(std::ranges::all_of(piece, [&](std::byte byte) { return byte == at(place++); }));
            reader.consume(piece.size());
        }
        CHECK(place == waiting);
    }
    pass(10s);
    CHECK(reader.readable_size() > 100'000);  // and it goes on
    {
        const Lock lock;
        reader.close();
    }
    REQUIRE(soon([&] { return writer.failure.has_value(); }));
    CHECK(*writer.failure == Failure::reset);
    {
        const Lock lock;
        acceptor.close();
    }
    expect_quiet(world);
}

TEST_CASE("ten thousand connections come and go, and nothing is left") {
    World& world = World::get();
    Echo echo;
    {
        const Lock lock;
        REQUIRE(echo.acceptor.listen({Address{}, 7}).has_value());
    }
    for (int round = 0; round < 200; ++round) {
        std::vector<std::unique_ptr<Client>> clients;
        for (int i = 0; i < 50; ++i) clients.push_back(std::make_unique<Client>(100));
        for (auto& client : clients) {
            const Lock lock;
            REQUIRE(client->connection.connect({near, 7}).has_value());
        }
        REQUIRE(soon([&] { return std::ranges::all_of(clients, [](auto& client) { return client->ended && client->right; }); }));
        for (auto& client : clients) {
            const Lock lock;
            client->connection.close();
        }
        echo.ones.clear();
        // Those that closed first wait for late packets; when others come the oldest are forgotten.
        std::size_t waiting = 0;
        for (const tcp_pcb* pcb = tcp_tw_pcbs; pcb != nullptr; pcb = pcb->next) ++waiting;
        CHECK(waiting > 0);
        CHECK(waiting <= lwip::config::time_wait + 50);
    }
    {
        const Lock lock;
        echo.acceptor.close();
    }
    expect_quiet(world);
}
