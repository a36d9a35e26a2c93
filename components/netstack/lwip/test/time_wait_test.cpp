// SPDX-License-Identifier: BSD-3-Clause
// What comes when both ends of a connection have ended it.
#include "world.hpp"

#include <unicore/netstack/lock.hpp>
#include <unicore/netstack/tcp.hpp>

#include <lwip/priv/tcp_priv.h>

#include <catch2/catch.hpp>

using namespace unicore::netstack;
using namespace unicore::netstack::test;
using namespace std::chrono_literals;
using tcp::Acceptor;
using tcp::Connection;

namespace {

constexpr unsigned fin = 1, syn = 2, rst = 4, ack = 16;
constexpr unsigned our_port = 4711, port = 7;

Bytes number(std::uint32_t value) { return word(value >> 16) + word(value & 0xffff); }

/// What the stack said.
struct Segment {
    unsigned flags;
    std::uint32_t sequence, acknowledged;
};

/// An end of a connection, played by the test.
struct Remote {
    Peer& peer = World::get().near;

    Remote() {
        peer.drain();
        introduce(peer);
    }
    /// In so many parts of memory.
    void send(unsigned flags, std::uint32_t sequence, std::uint32_t acknowledged = 0, std::size_t parts = 1) {
        const Bytes options = (flags & syn) != 0 ? Bytes{2, 4} + word(1460) : Bytes{};
        const Bytes header = word(our_port) + word(port) + number(sequence) + number(acknowledged) +
                             word(static_cast<unsigned>((5 + options.size() / 4) << 12) | flags) + word(8192) + word(0) + word(0);
        const Bytes segment = header + options;
        const Bytes pseudo = bytes(our_address) + bytes(stack_address) + word(6) + word(static_cast<unsigned>(segment.size()));
        peer.send(ethernet(stack_mac, 0x0800) + ipv4(6, with_checksum(segment, 16, pseudo)), parts);
    }
    std::optional<Segment> receive(unicore::time::Duration patience = 100ms) {
        const auto frame = peer.receive_such([](const Bytes& frame) { return word_at(frame, 12) == 0x0800 && frame[23] == 6; },
                                             patience);
        if (!frame) return std::nullopt;
        const auto number_at = [&](std::size_t at) { return word_at(*frame, at) << 16 | word_at(*frame, at + 2); };
        return Segment{word_at(*frame, 46) & 0x3f, number_at(38), number_at(42)};
    }
    /// Opens a connection from `sequence` on; the stack's first number.
    std::uint32_t open(std::uint32_t sequence) {
        send(syn, sequence);
        const auto answer = receive();
        REQUIRE(answer);
        REQUIRE(answer->flags == (syn | ack));
        REQUIRE(answer->acknowledged == sequence + 1);
        send(ack, sequence + 1, answer->sequence + 1);
        return answer->sequence;
    }
};

/// Ends each connection as soon as it is there.
struct Ending final : tcp::AcceptorUser, tcp::ConnectionUser {
    Ending() {
        const Lock lock;
        REQUIRE(acceptor.listen({Address{}, port}).has_value());
    }
    ~Ending() {
        const Lock lock;
        acceptor.close();
        connection.abort();
    }
    Connection* accept(const Endpoint&) noexcept override { return &connection; }
    void connected(Connection& now) noexcept override {
        now.accepted();
        ++accepted;
        if (closes) now.close();
        else static_cast<void>(now.shut_down());
    }
    void received(Connection& now) noexcept override { ended = now.ended(); }
    void sent(Connection&) noexcept override {}
    void failed(Connection&, Failure) noexcept override { ++failures; }

    Acceptor acceptor{*this};
    Connection connection{*this};
    unsigned accepted = 0, failures = 0;
    bool closes = true, ended = false;
};

std::size_t waiting() {
    std::size_t count = 0;
    for (const tcp_pcb* pcb = tcp_tw_pcbs; pcb != nullptr; pcb = pcb->next) ++count;
    return count;
}

/// Opens one from `sequence` on, which the stack ends first.
void open_and_end(Remote& remote, std::uint32_t sequence) {
    const std::uint32_t theirs = remote.open(sequence);
    const auto end = remote.receive();
    REQUIRE(end);
    REQUIRE(end->flags == (fin | ack));
    remote.send(fin | ack, sequence + 1, theirs + 2);
    const auto last = remote.receive();
    REQUIRE(last);
    REQUIRE(last->acknowledged == sequence + 2);
}

}  // namespace

TEST_CASE("a client may come again from the same port while late packets are waited for") {
    pass(300s);
    Remote remote;
    Ending ending;
    constexpr std::uint32_t first = 0xffff'ff00;  // numbers wrap
    open_and_end(remote, first);
    REQUIRE(waiting() == 1);
    // Just behind the old one, in what was its window, and far behind that.
    std::uint32_t sequence = first + 2;
    for (const std::uint32_t further : {0U, 100U, 1'000'000U, 0x7fff'0000U}) {
        REQUIRE(waiting() == 1);
        sequence += further;
        open_and_end(remote, sequence);
        sequence += 2;
    }
    CHECK(ending.accepted == 5);
    CHECK(waiting() == 1);
}

TEST_CASE("one whose options lie in two buffers makes room, and comes again") {
    pass(300s);
    Remote remote;
    Ending ending;
    open_and_end(remote, 5000);
    // The frame has 58 bytes, of which the last two are in the second buffer.
    for (const std::size_t parts : {29, 1}) remote.send(syn, 6000, 0, parts);
    const auto answer = remote.receive();
    REQUIRE(answer);
    CHECK(answer->flags == (syn | ack));
    CHECK(answer->acknowledged == 6001);
    remote.send(rst, 6001);
}

TEST_CASE("what is late does not begin a connection") {
    pass(300s);
    Remote remote;
    Ending ending;
    open_and_end(remote, 5000);
    const auto is_only_acknowledged = [&](unsigned flags, std::uint32_t sequence) {
        remote.send(flags, sequence, 1);
        const auto answer = remote.receive();
        CHECK((!answer || answer->flags == ack));
        CHECK(waiting() == 1);
    };
    is_only_acknowledged(syn, 4000);
    is_only_acknowledged(syn, 5000);
    is_only_acknowledged(ack, 6000);
    is_only_acknowledged(rst, 6000);
    is_only_acknowledged(fin | ack, 5001);
    CHECK(ending.accepted == 1);
}

TEST_CASE("nobody listens any more: who comes again is refused") {
    pass(300s);
    Remote remote;
    {
        Ending ending;
        open_and_end(remote, 5000);
    }
    remote.send(syn, 6000);
    const auto answer = remote.receive();
    REQUIRE(answer);
    CHECK(answer->flags == (rst | ack));
    CHECK(waiting() == 0);
}

TEST_CASE("a connection that both ends have ended may be kept for as long as one likes") {
    pass(300s);
    Remote remote;
    Ending ending;
    ending.closes = false;
    // Our end comes behind theirs, with an acknowledgement of it and without.
    const bool acknowledged = GENERATE(true, false);
    const std::uint32_t theirs = remote.open(7000);
    REQUIRE(remote.receive()->flags == (fin | ack));
    remote.send(fin | ack, 7001, theirs + 1 + acknowledged);
    if (!acknowledged) remote.send(ack, 7002, theirs + 2);
    REQUIRE(remote.receive());
    CHECK(ending.ended);
    CHECK(waiting() == 1);
    pass(300s);
    CHECK(waiting() == 0);
    const Lock lock;
    CHECK(ending.connection.other() == Endpoint{});
    CHECK(ending.connection.write({}).error() == Failure::invalid);
    ending.connection.close();
    CHECK(ending.failures == 0);
}
