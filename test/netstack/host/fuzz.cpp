// SPDX-License-Identifier: BSD-3-Clause
// Frames by the million that are nearly right: nothing breaks, nothing is kept, and it still answers.
// UNICORE_SEED and UNICORE_CASES say which and how many.
#include "frames.hpp"
#include "users.hpp"

#include <lwip/priv/tcp_priv.h>

#include <catch2/catch.hpp>

#include <cstdio>

using namespace unicore::netstack;
using namespace unicore::netstack::test;
using namespace std::chrono_literals;

namespace {

Bytes arp_request() {
    return ethernet(unicore::net::broadcast.bytes, 0x0806) + word(1) + word(0x0800) + Bytes{6, 4} + word(1) + bytes(our_mac) +
           bytes(our_address) + Bytes(6, 0) + bytes(stack_address);
}
bool is_arp_answer(const Bytes& frame) { return frame.size() >= 42 && frame[12] == 8 && frame[13] == 6 && frame[21] == 2; }
bool is_echo_answer(const Bytes& frame) { return frame.size() > 38 && frame[12] == 8 && frame[13] == 0 && frame[23] == 1 && frame[34] == 0; }

struct Rest {
    std::size_t heap;
    bool operator==(const Rest&) const = default;
};

/// Ends what has begun and lets all of it be forgotten; what is left.
Rest come_to_rest(World& world, Frames& frames, Echo& echo, Echo& echo6) {
    echo.drop();
    echo6.drop();
    frames.forget();
    pass(400s);  // a connection that is half there, a fragment, a neighbour that does not answer
    world.far.drain();
    // A router that does not answer is asked once a second, perhaps just now.
    for (int tries = 3; tries != 0 && (world.near.drain(), !world.near.quiet()); --tries) {}
    REQUIRE(world.near.quiet());
    CHECK(tcp_active_pcbs == nullptr);
    return {heap_bytes()};
}

}  // namespace

TEST_CASE("whatever comes, nothing breaks, nothing is kept, and it still answers") {
    const unsigned seed = given_number("UNICORE_SEED", 2), count = given_number("UNICORE_CASES", 100'000);
    std::printf("seed %u, %u frames\n", seed, count);
    World& world = World::get();
    Peer& peer = world.near;
    Frames frames(seed);
    Echo echo, echo6;
    EchoPort port, port6;
    {
        const Lock lock;
        REQUIRE(echo.acceptor.listen({Address{}, Frames::open_tcp}, 64).has_value());
        REQUIRE(echo6.acceptor.listen({{Address::Family::v6, {}}, Frames::open_tcp}, 64).has_value());
        REQUIRE(port.port.bind({Address{}, Frames::open_udp}).has_value());
        REQUIRE(port6.port.bind({{Address::Family::v6, {}}, Frames::open_udp}).has_value());
    }
    peer.send(arp_request());
    REQUIRE(peer.receive_such(is_arp_answer));

    constexpr unsigned between_rests = 20'000;
    std::size_t most_connections = 0;
    Rest before{};
    for (unsigned number = 0; number != count; ++number) {
        INFO("seed " << seed << ", frame " << number);
        const Bytes frame = frames.next();
        peer.send(frame, 1 + frames.below(3));
        if (number % 16 == 15) {
            pass(frames.below(20) == 0 ? 1s : 1ms);
            while (const auto answer = peer.receive(0ms)) frames.learn(*answer);
            most_connections = std::max(most_connections, frames.connections());
        }
        if (number % between_rests != between_rests - 1 && number + 1 != count) continue;
        const Rest after = come_to_rest(world, frames, echo, echo6);
        if (before != Rest{}) REQUIRE(after.heap == before.heap);  // the first ones make what is kept, such as slabs' pages
        before = after;
        peer.send(arp_request());
        REQUIRE(peer.receive_such(is_arp_answer));
        peer.send(ethernet(stack_mac, 0x0800) + ipv4(1, with_checksum(Bytes{8, 0, 0, 0, 0, 1, 0, 1, 1, 2, 3}, 2)));
        REQUIRE(peer.receive_such(is_echo_answer));
    }
    std::printf("%zu and %zu connections, %zu and %zu datagrams came through; up to %zu connections at once\n", echo.accepted, echo6.accepted,
                port.datagrams, port6.datagrams, most_connections);
    // They do get through to what is behind the checks.
    CHECK(echo.accepted > count / 1000);
    CHECK(echo6.accepted > count / 4000);
    CHECK(port.datagrams > count / 200);
    CHECK(port6.datagrams > count / 1000);
    CHECK(most_connections > 4);
    const Lock lock;
    echo.acceptor.close();
    echo6.acceptor.close();
    port.port.close();
    port6.port.close();
}
