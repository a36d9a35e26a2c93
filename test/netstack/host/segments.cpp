// SPDX-License-Identifier: BSD-3-Clause
// Single segments that a connection gets, and what it answers: what the fuzzer has found, one by one.
#include "users.hpp"

#include <catch2/catch.hpp>

#include <optional>

using namespace unicore::netstack;
using namespace unicore::netstack::test;
using namespace std::chrono_literals;

namespace {

enum : unsigned { fin = 1, syn = 2, ack = 16 };

Bytes long_word(std::uint32_t value) { return word(value >> 16) + word(value & 0xffff); }
std::uint32_t long_at(const Bytes& bytes, std::size_t at) {
    return static_cast<std::uint32_t>(bytes[at] << 24 | bytes[at + 1] << 16 | bytes[at + 2] << 8 | bytes[at + 3]);
}

/// A client that is made of frames.
class Client {
public:
    explicit Client(unsigned port) : port_(port) {}

    struct Segment {
        unsigned flags;
        std::uint32_t sequence, acknowledged;
        Bytes payload;
    };

    void send(unsigned flags, std::uint32_t sequence, const Bytes& payload = {}, unsigned window = 0xffff, const Bytes& options = {}) {
        const unsigned words = static_cast<unsigned>(5 + options.size() / 4);
        const Bytes segment = word(port_) + word(80) + long_word(sequence) + long_word((flags & ack) != 0 ? theirs : 0) +
                              word(words << 12 | flags) + word(window) + word(0) + word(0) + options + payload;
        const Bytes pseudo = bytes(our_address) + bytes(stack_address) + Bytes{0, 6} + word(static_cast<unsigned>(segment.size()));
        peer.send(ethernet(stack_mac, 0x0800) + ipv4(6, with_checksum(segment, 16, pseudo)));
    }
    /// The next segment of the stack for this client, within so long.
    std::optional<Segment> receive(unicore::time::Duration patience = 200ms) {
        const auto mine = [&](const Bytes& f) { return f.size() >= 54 && f[12] == 8 && f[23] == 6 && unsigned(f[36] << 8 | f[37]) == port_; };
        const auto frame = peer.receive_such(mine, patience);
        if (!frame) return std::nullopt;
        const std::size_t end = 14U + static_cast<std::size_t>((*frame)[16] << 8 | (*frame)[17]), data = 34U + (*frame)[46] / 16 * 4;
        return Segment{(*frame)[47], long_at(*frame, 38), long_at(*frame, 42),
                       Bytes(frame->begin() + static_cast<std::ptrdiff_t>(data), frame->begin() + static_cast<std::ptrdiff_t>(end))};
    }
    /// Opens a connection; the stack's window of it is shut for the stack if it is told so.
    void connect(unsigned window = 0xffff) {
        send(syn, ours - 1, {}, window, {2, 4, 5, 0xb4});
        const auto answer = receive();
        REQUIRE((answer && answer->flags == (syn | ack) && answer->acknowledged == ours));
        theirs = answer->sequence + 1;
        send(ack, ours, {}, window);
    }
    /// Sends a byte where it belongs, and gets it back.
    void exchange(std::uint8_t byte) {
        send(ack, ours, {byte});
        ++ours;
        const auto answer = receive();
        REQUIRE(answer);
        CHECK((answer->payload == Bytes{byte} && answer->acknowledged == ours));
        theirs = answer->sequence + 1;
        send(ack, ours);
    }

    Peer& peer = World::get().near;
    std::uint32_t ours = 1000, theirs = 0;

private:
    unsigned port_;
};

struct Listening {
    Listening() {
        Peer& peer = World::get().near;
        peer.send(ethernet(unicore::net::broadcast.bytes, 0x0806) + word(1) + word(0x0800) + Bytes{6, 4} + word(1) + bytes(our_mac) +
                  bytes(our_address) + Bytes(6, 0) + bytes(stack_address));
        peer.drain();
        const Lock lock;
        REQUIRE(echo.acceptor.listen({Address{}, 80}, 8).has_value());
    }
    ~Listening() {
        echo.drop();
        const Lock lock;
        echo.acceptor.close();
    }
    Echo echo;
};

}  // namespace

TEST_CASE("a byte half of all sequence numbers away is nobody's") {
    Listening listening;
    Client client(2001);
    client.connect();
    client.exchange(1);
    client.send(ack, client.ours + (1U << 31), {2});
    const auto answer = client.receive();
    CHECK((!answer || answer->payload.empty()));
    client.exchange(3);
}

TEST_CASE("who has lost a connection and begins anew is told what there is") {
    Listening listening;
    Client client(2002);
    client.connect();
    for (const std::uint32_t distance : {1U << 30, (1U << 31) - 5, (1U << 31) + 5, 3U << 30}) {
        client.send(syn, client.ours + distance);
        const auto answer = client.receive();
        REQUIRE(answer);
        CHECK(answer->flags == ack);
        CHECK(answer->acknowledged == client.ours);
    }
    client.exchange(4);
}

TEST_CASE("the size of segments is a matter of the first one") {
    Listening listening;
    Client client(2003);
    client.connect(0);
    client.send(ack, client.ours, Bytes(600, 5), 0);  // what comes back waits, since there is no window
    client.ours += 600;
    static_cast<void>(client.receive());
    client.send(ack, client.ours, Bytes(10, 6), 0, {2, 4, 0, 20});
    client.ours += 10;
    client.send(ack, client.ours, {}, 0xffff, {1, 2, 4, 0, 20, 1, 1, 1});
    std::size_t got = 0, longest = 0;
    while (const auto answer = client.receive(1s)) got += answer->payload.size(), longest = std::max(longest, answer->payload.size());
    CHECK(got >= 600);  // the rest waits for an acknowledgement
    CHECK(longest > 20);
}

TEST_CASE("a window that is told after something was written, and is smaller") {
    Listening listening;
    Client client(2004);
    client.connect(0);
    client.send(ack, client.ours, Bytes(1000, 7), 0);
    client.ours += 1000;
    static_cast<void>(client.receive());
    client.send(ack, client.ours, Bytes(500, 8), 100);
    client.ours += 500;
    client.send(ack, client.ours, Bytes(500, 9), 100);
    client.ours += 500;
    // It comes in pieces that fit, all of it and nothing else.
    Bytes got;
    const std::uint32_t first = client.theirs;
    for (int round = 0; round < 200 && got.size() < 2000; ++round) {
        const auto answer = client.receive(70s);
        REQUIRE(answer);
        if (answer->sequence == first + got.size()) got = got + answer->payload;
        client.theirs = first + static_cast<std::uint32_t>(got.size());
        client.send(ack, client.ours, {}, 100);
    }
    CHECK((got == Bytes(1000, 7) + Bytes(500, 8) + Bytes(500, 9)));
}

TEST_CASE("the answer to a window probe may take all there was and leave the window shut") {
    Listening listening;
    Client client(2005);
    client.connect(0);
    client.send(ack, client.ours, {1}, 0);
    client.ours += 1;
    std::optional<Client::Segment> probe;
    for (int tries = 0; tries < 20 && (!probe || probe->payload.empty()); ++tries) probe = client.receive(5s);
    REQUIRE((probe && probe->payload.size() == 1));
    client.theirs += 1;
    client.send(ack, client.ours, {}, 0);
    pass(100s);
    client.peer.drain();
    client.send(ack, client.ours, {}, 0xffff);
    client.exchange(9);
}
