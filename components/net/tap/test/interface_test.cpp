// SPDX-License-Identifier: BSD-3-Clause
#include "../interface.hpp"

#include "../../../memory/heap/test/fake_pages.hpp"
#include "kernel.hpp"

#include <unicore/net/virtio/header.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cstring>

using namespace unicore::net;
using unicore::Error;
using unicore::test::Bytes;
using unicore::test::bytes_of;
using unicore::test::Kernel;
using unicore::test::Counter;
using unicore::test::packet_of;
using unicore::test::random_bytes;
using virtio::Header;

namespace {

Bytes behind(const Header& header, const Bytes& frame) {
    Bytes bytes(sizeof header + frame.size());
    std::memcpy(bytes.data(), &header, sizeof header);
    std::ranges::copy(frame, bytes.begin() + sizeof header);
    return bytes;
}

constexpr Header nothing{};
constexpr Header segments{.flags = Header::needs_csum, .gso_type = Header::tcpv4, .hdr_len = 54, .gso_size = 1446,
                          .csum_start = 34, .csum_offset = 16};

struct Network {
    Network() {
        unicore::test::reset_fake_pages();
        kernel.frames = true;
        REQUIRE(pool.open(128).has_value());
        REQUIRE(interface.open(listener).has_value());
    }
    bool send(Packet packet) { return interface.send(0, std::span(&packet, 1)) == 1 && !packet; }
    Packet receive() {
        Packet packet;
        interface.receive(0, std::span(&packet, 1));
        return packet;
    }

    Counter listener;
    Pool pool;
    Kernel kernel;
    tap::Interface interface{0, kernel.descriptor(), {.address = {{2, 0, 0, 0, 0, 1}}, .completes_checksums = true}};
};

}  // namespace

TEST_CASE("a frame goes out behind its header, in one call") {
    Network network;
    const Bytes frame(1000, std::byte{5});
    CHECK(network.send(packet_of(network.pool, frame, 100)));
    CHECK(network.kernel.frames_written.back() == behind(nothing, frame));
    Bytes tcp(60'000, std::byte{5});
    tcp[34 + 12] = std::byte{0x50};
    Packet packet = packet_of(network.pool, tcp);
    packet.offload() = {.checksum = Offload::Checksum::partial, .segments = Offload::Segments::tcp4,
                        .segment_size = 1446, .checksum_start = 34, .checksum_offset = 16};
    CHECK(network.send(std::move(packet)));
    CHECK(network.kernel.frames_written.back() == behind(segments, tcp));
    CHECK(network.interface.statistics().sent.packets == 2);
    CHECK(network.interface.statistics().sent.bytes == 61'000);
    CHECK(network.pool.statistics().free == 128);
}

TEST_CASE("frames of an interface that are longer than they may be, or whose segments would be, are errors") {
    Network network;
    CHECK(network.send(packet_of(network.pool, Bytes(13))));
    CHECK(network.send(packet_of(network.pool, Bytes(1515))));
    Bytes tcp(longest_frame + 1);
    tcp[34 + 12] = std::byte{0x50};
    for (const auto& [size, segment] : {std::pair{longest_frame + 1, 1446}, {std::size_t{3000}, 1461}}) {
        Packet packet = packet_of(network.pool, std::span(tcp).first(size));
        packet.offload() = {.checksum = Offload::Checksum::partial, .segments = Offload::Segments::tcp4,
                            .segment_size = static_cast<std::uint16_t>(segment), .checksum_start = 34,
                            .checksum_offset = 16};
        CHECK(network.send(std::move(packet)));
    }
    CHECK(network.kernel.frames_written.empty());
    CHECK(network.interface.statistics().sent.errors == 4);
}

TEST_CASE("an interface without room keeps what it was not sent, and one that is down loses it") {
    Network network;
    network.kernel.room = 30;
    Packet packet = packet_of(network.pool, Bytes(60));
    CHECK(network.interface.send(0, std::span(&packet, 1)) == 0);
    CHECK(packet);
    CHECK(network.interface.await(0, Device::Event::received));
    CHECK_FALSE(network.kernel.for_room());
    network.kernel.room = 0;
    CHECK(network.interface.await(0, Device::Event::received_or_room));
    CHECK(network.kernel.for_room());
    network.kernel.room = SIZE_MAX;
    CHECK_FALSE(network.interface.await(0, Device::Event::received_or_room));
    network.kernel.write_error = -5;  // EIO
    CHECK(network.interface.send(0, std::span(&packet, 1)) == 1);
    CHECK_FALSE(packet);
    CHECK(network.interface.statistics().sent.errors == 1);
    CHECK(network.interface.link().up);
    network.kernel.write_error = 0;
    CHECK(network.send(packet_of(network.pool, Bytes(60))));
}

TEST_CASE("received frames of all sizes are in as many parts as they need") {
    Network network;
    std::mt19937 random(20261127);
    for (std::size_t size : {std::size_t{14}, std::size_t{60}, std::size_t{1514}, std::size_t{4086}, std::size_t{4087},
                             std::size_t{8182}, std::size_t{8183}, longest_frame}) {
        const Bytes frame = random_bytes(random, size);
        network.kernel.to_read.push_back(behind(nothing, frame));
        const Packet packet = network.receive();
        REQUIRE(packet);
        CHECK(bytes_of(packet) == frame);
        CHECK(packet.parts() == (size + 10 + 4095) / 4096);
        CHECK(reinterpret_cast<std::uintptr_t>(packet.bytes().data() + 14) % 8 == 0);  // IP's header
        CHECK(packet.offload() == Offload{});
    }
}

TEST_CASE("segments that were merged are said to be") {
    Network network;
    network.kernel.to_read.push_back(behind(segments, Bytes(50'000)));
    const Packet packet = network.receive();
    REQUIRE(packet);
    CHECK(packet.offload() == Offload{.checksum = Offload::Checksum::partial, .segments = Offload::Segments::tcp4,
                                      .segment_size = 1446, .checksum_start = 34, .checksum_offset = 16});
}

TEST_CASE("what is no frame, or says what cannot be, is left out and counted") {
    Network network;
    Header bad = segments;
    bad.csum_start = 60'000;
    network.kernel.to_read = {Bytes(9), Bytes(10), Bytes(23), behind(nothing, Bytes(longest_frame + 1)),
                              behind(nothing, Bytes(100'000)), behind(bad, Bytes(1000)),
                              behind(nothing, Bytes(60, std::byte{3}))};
    CHECK(bytes_of(network.receive()) == Bytes(60, std::byte{3}));
    CHECK_FALSE(network.receive());
    CHECK(network.interface.statistics().received.errors == 6);
    CHECK(network.interface.statistics().received.packets == 1);
}

TEST_CASE("whatever headers and sizes come, frames arrive as they are and nothing is lost of the pool") {
    Network network;
    std::mt19937 random(20261127);
    std::vector<Packet> held;
    for (int round = 0; round < 5'000; ++round) {
        Bytes bytes = random_bytes(random, random() % (random() % 50 == 0 ? 70'000 : 3000));
        for (std::size_t i = 0; i != std::min<std::size_t>(bytes.size(), 10); ++i)
            if (random() % 3 != 0) bytes[i] = std::byte{0};
        network.kernel.to_read.push_back(bytes);
        Packet packet = network.receive();
        if (packet) {
            REQUIRE(std::ranges::equal(bytes_of(packet), std::span(bytes).subspan(10)));
            const Offload& offload = packet.offload();
            if (offload.checksum == Offload::Checksum::partial)
                REQUIRE(std::size_t{offload.checksum_start} + offload.checksum_offset + 2 <= packet.size());
            if (random() % 2 == 0) held.push_back(std::move(packet));
        }
        if (!held.empty() && random() % 8 == 0) {
            std::swap(held[random() % held.size()], held.back());
            held.pop_back();
        }
    }
    const Statistics statistics = network.interface.statistics();
    CHECK(statistics.received.packets > 1000);
    CHECK(statistics.received.errors > 500);
    CHECK(statistics.received.dropped > 100);
    CHECK(statistics.received.packets + statistics.received.errors + statistics.received.dropped == 5'000);
}

TEST_CASE("large frames are received a few at a time, so that their user finds them in the caches") {
    Network network;
    for (int i = 0; i < 4; ++i) network.kernel.to_read.push_back(behind(nothing, Bytes(longest_frame)));
    std::array<Packet, 4> burst;
    CHECK(network.interface.receive(0, burst) == 1);
    CHECK(network.interface.receive(0, burst) == 1);
    CHECK_FALSE(network.interface.await(0, Device::Event::received));
}

TEST_CASE("an interface that is gone takes the link down") {
    Network network;
    network.kernel.when_empty = -77;  // EBADFD
    CHECK_FALSE(network.receive());
    CHECK_FALSE(network.interface.link().up);
    CHECK(network.listener.changes == 1);
    CHECK(network.interface.await(0, Device::Event::received));
    CHECK_FALSE(network.kernel.watched());
}
