// SPDX-License-Identifier: BSD-3-Clause
#include "../stream.hpp"

#include "../../../memory/heap/test/fake_pages.hpp"
#include "kernel.hpp"

#include <unicore/net/tap/config.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <memory>

using namespace unicore::net;
using unicore::Error;
using unicore::test::Bytes;
using unicore::test::bytes_of;
using unicore::test::Kernel;
using unicore::test::Counter;
using unicore::test::packet_of;
using unicore::test::random_bytes;
using Event = Device::Event;

namespace {

using Frames = std::vector<Bytes>;

Bytes behind_its_length(const Bytes& frame) {
    const auto size = static_cast<std::uint32_t>(frame.size());
    Bytes bytes;
    for (const unsigned shift : {24, 16, 8, 0}) bytes.push_back(static_cast<std::byte>(size >> shift & 0xff));
    bytes.insert(bytes.end(), frame.begin(), frame.end());
    return bytes;
}

struct Network {
    Network() {
        unicore::test::reset_fake_pages();
        REQUIRE(pool.open(128).has_value());
        REQUIRE(stream.open(listener).has_value());
    }
    bool send(const Bytes& frame, std::size_t part = Pool::frame_size) {
        Packet packet = packet_of(pool, frame, part);
        const bool taken = stream.send(0, std::span(&packet, 1)) == 1;
        CHECK(static_cast<bool>(packet) != taken);
        return taken;
    }
    /// What has come until now.
    std::vector<Bytes> receive() {
        std::vector<Bytes> frames;
        std::array<Packet, 4> burst;
        for (std::size_t count; (count = stream.receive(0, burst)) != 0;)
            for (std::size_t i = 0; i != count; ++i) {
                for (const Buffer* part = &burst[i].first(); part != nullptr; part = part->next) CHECK(part->size != 0);
                frames.push_back(bytes_of(burst[i]));
                burst[i].clear();
            }
        return frames;
    }

    Counter listener;
    Pool pool;
    Kernel kernel;
    tap::Stream stream{3, kernel.descriptor(), {{2, 0, 0, 0, 0, 1}}};
};

}  // namespace

TEST_CASE("a stream's device says what it is") {
    Network network;
    CHECK(network.stream.name() == "tap3");
    const Properties& properties = network.stream.properties();
    CHECK(properties.address == MacAddress{{2, 0, 0, 0, 0, 1}});
    CHECK(properties.mtu == tap::config::mtu);
    CHECK_FALSE(properties.completes_checksums);
    CHECK_FALSE(properties.merges_tcp);
    CHECK(network.stream.link().up);
    CHECK(network.stream.open(network.listener).error() == Error::busy);
}

TEST_CASE("frames are read whatever pieces they come in") {
    std::mt19937 random(20261127);
    for (int round = 0; round < 8; ++round) {
        Network network;
        std::vector<Bytes> sent;
        Bytes all;
        const bool tiny = round % 4 == 0;
        for (int i = 0; i < 40; ++i) {
            const std::size_t sizes[] = {14, 60, 1514, 4086, 4087, 8182, 14 + random() % 9000, longest_frame};
            sent.push_back(random_bytes(random, sizes[random() % (tiny ? 6 : 8)]));
            const Bytes bytes = behind_its_length(sent.back());
            all.insert(all.end(), bytes.begin(), bytes.end());
        }
        std::vector<Bytes> received;
        const std::size_t usual = tiny ? 5 : 3000;
        for (std::size_t place = 0; place != all.size();) {
            const std::size_t size = std::min<std::size_t>(all.size() - place, 1 + random() % usual);
            const auto begin = all.begin() + static_cast<std::ptrdiff_t>(place);
            network.kernel.to_read.emplace_back(begin, begin + static_cast<std::ptrdiff_t>(size));
            place += size;
            network.kernel.most = 1 + random() % usual;
            if (random() % 3 == 0) std::ranges::move(network.receive(), std::back_inserter(received));
        }
        // After a part of a frame there is a way back to the user, who asks again.
        while (!network.kernel.to_read.empty()) std::ranges::move(network.receive(), std::back_inserter(received));
        REQUIRE(received == sent);
        CHECK(network.stream.statistics().received.packets == sent.size());
        CHECK(network.stream.statistics().received.errors == 0);
        CHECK(network.stream.link().up);
    }
}

TEST_CASE("frames are written whole, however little room there is") {
    std::mt19937 random(20261127);
    for (int round = 0; round < 10; ++round) {
        Network network;
        network.kernel.room = 0;
        Bytes all;
        unsigned refused = 0;
        for (int i = 0; i < 200; ++i) {
            const Bytes frame = random_bytes(random, 14 + random() % (tap::config::mtu + 1));
            const std::size_t part = 30 + random() % 2000;
            while (!network.send(frame, part)) {
                ++refused;
                // It waits for room, and is called for it.
                if (network.kernel.room == 0) {
                    CHECK(network.stream.await(0, Event::received_or_room));
                    REQUIRE(network.kernel.watched());
                    CHECK(network.kernel.for_room());
                    network.kernel.fire();
                }
                network.kernel.room += 1 + random() % 900;
                network.kernel.most = 1 + random() % 900;
                CHECK_FALSE(network.stream.await(0, Event::received_or_room));
            }
            CHECK(network.pool.statistics().free == 128);  // nothing is held
            const Bytes bytes = behind_its_length(frame);
            all.insert(all.end(), bytes.begin(), bytes.end());
        }
        network.kernel.room = network.kernel.most = SIZE_MAX;
        network.stream.reclaim(0);
        REQUIRE(network.kernel.written == all);
        CHECK(refused > 100);
        CHECK(network.stream.statistics().sent.packets == 200);
        CHECK(network.stream.statistics().sent.bytes == all.size() - 200 * 4);
        CHECK(network.listener.calls == static_cast<int>(network.stream.statistics().interrupts));
    }
}

TEST_CASE("the rest of a frame goes out though nobody sends any more") {
    Network network;
    network.kernel.room = 10;
    CHECK(network.send(Bytes(60)));
    CHECK(network.stream.await(0, Event::received));
    REQUIRE(network.kernel.watched());
    CHECK(network.kernel.for_room());
    network.kernel.room = SIZE_MAX;
    network.kernel.fire();
    CHECK(network.listener.calls == 1);
    CHECK(network.receive().empty());
    CHECK(network.kernel.written.size() == 64);
    CHECK(network.stream.await(0, Event::received));
    CHECK_FALSE(network.kernel.for_room());
}

TEST_CASE("who waits to receive is called for that alone") {
    Network network;
    network.kernel.room = 0;
    CHECK_FALSE(network.send(Bytes(60)));
    CHECK(network.stream.await(0, Event::received));
    CHECK_FALSE(network.kernel.for_room());
    network.kernel.to_read.push_back(behind_its_length(Bytes(60)));
    CHECK_FALSE(network.stream.await(0, Event::received));  // there already
    network.kernel.fire();
    CHECK(network.receive().size() == 1);
}

TEST_CASE("a frame that was sent in part is finished after a close") {
    Network network;
    network.kernel.room = 7;
    CHECK(network.send(Bytes(60, std::byte{1})));
    network.stream.close();
    CHECK_FALSE(network.kernel.watched());
    CHECK_FALSE(network.send(Bytes(60)));  // closed
    network.kernel.room = SIZE_MAX;
    REQUIRE(network.stream.open(network.listener).has_value());
    CHECK(network.send(Bytes(60, std::byte{2})));
    Bytes expected = behind_its_length(Bytes(60, std::byte{1}));
    std::ranges::copy(behind_its_length(Bytes(60, std::byte{2})), std::back_inserter(expected));
    CHECK(network.kernel.written == expected);
}

TEST_CASE("a close in the middle of a frame does not lose the stream") {
    Network network;
    const Bytes bytes = behind_its_length(Bytes(5000, std::byte{7}));
    network.kernel.to_read.emplace_back(bytes.begin(), bytes.begin() + 3000);
    CHECK(network.receive().empty());
    network.stream.close();
    CHECK(network.receive().empty());
    network.kernel.to_read.emplace_back(bytes.begin() + 3000, bytes.end());
    REQUIRE(network.stream.open(network.listener).has_value());
    CHECK(network.receive() == Frames{Bytes(5000, std::byte{7})});
}

TEST_CASE("without buffers frames are lost, and counted, and the stream goes on") {
    Network network;
    std::vector<Packet> held;
    std::array<Packet, 1> one;
    unsigned sent = 0;
    do {
        network.kernel.to_read.push_back(behind_its_length(Bytes(60, static_cast<std::byte>(sent++))));
        if (network.stream.receive(0, one) == 0) break;
        held.push_back(std::move(one[0]));
    } while (sent < 100'000);
    CHECK(held.size() == tap::config::buffers - tap::Window::parts);
    CHECK(network.stream.statistics().received.dropped == 1);
    held.resize(held.size() - 2);
    network.kernel.to_read.push_back(behind_its_length(Bytes(9000)));  // three would be needed
    network.kernel.to_read.push_back(behind_its_length(Bytes(5000, std::byte{9})));
    CHECK(network.receive() == Frames{Bytes(5000, std::byte{9})});
    CHECK(network.stream.statistics().received.dropped == 2);
    held.clear();
    network.kernel.to_read.push_back(behind_its_length(Bytes(5000)));
    CHECK(network.receive() == Frames{Bytes(5000)});
}

TEST_CASE("what is no frame is counted and left out") {
    Network network;
    for (const std::size_t size : {0, 13}) network.kernel.to_read.push_back(behind_its_length(Bytes(size)));
    network.kernel.to_read.push_back(behind_its_length(Bytes(14)));
    CHECK(network.receive() == Frames{Bytes(14)});
    CHECK(network.stream.statistics().received.errors == 2);
}

TEST_CASE("who sends nothing but nonsense does not keep the caller") {
    Network network;
    for (int i = 0; i < 1000; ++i) network.kernel.to_read.push_back(behind_its_length(Bytes(1)));
    CHECK(network.receive().empty());
    CHECK_FALSE(network.kernel.to_read.empty());
    CHECK_FALSE(network.stream.await(0, Event::received));
    while (!network.kernel.to_read.empty()) CHECK(network.receive().empty());
    CHECK(network.stream.statistics().received.errors == 1000);
}

TEST_CASE("what cannot be sent ends and is counted") {
    Network network;
    CHECK(network.send(Bytes(13)));
    CHECK(network.send(Bytes(14 + tap::config::mtu + 1)));
    CHECK(network.send(Bytes(65), 1));  // in too many parts
    Packet packet = packet_of(network.pool, Bytes(100));
    packet.offload() = {.checksum = Offload::Checksum::partial, .checksum_start = 34, .checksum_offset = 16};
    CHECK(network.stream.send(0, std::span(&packet, 1)) == 1);
    CHECK(network.kernel.written.empty());
    CHECK(network.stream.statistics().sent.errors == 4);
    CHECK(network.stream.statistics().sent.packets == 0);
    CHECK(network.send(Bytes(64), 1));
    CHECK(network.kernel.written == behind_its_length(Bytes(64)));
}

TEST_CASE("a peer that is gone, or speaks of what cannot be, takes the link down, once") {
    const auto check_down = [](Network& network) {
        CHECK(network.receive().empty());
        CHECK_FALSE(network.stream.link().up);
        CHECK(network.listener.changes == 1);
        CHECK(network.receive().empty());
        CHECK_FALSE(network.send(Bytes(60)));
        CHECK(network.stream.await(0, Event::received_or_room));  // which never calls
        CHECK_FALSE(network.kernel.watched());
        CHECK(network.listener.changes == 1);
        network.stream.close();
        CHECK(network.stream.open(network.listener).error() == Error::device_error);
    };
    Network network;
    SECTION("it closed") {
        network.kernel.ended = true;
        check_down(network);
    }
    SECTION("it closed in the middle of a frame") {
        network.kernel.to_read.push_back(Bytes{std::byte{0}, std::byte{0}, std::byte{0}, std::byte{100}, std::byte{1}});
        CHECK(network.receive().empty());
        CHECK(network.stream.link().up);
        network.kernel.ended = true;
        check_down(network);
    }
    SECTION("it was reset") {
        network.kernel.when_empty = -104;
        check_down(network);
    }
    SECTION("it takes nothing any more") {
        network.kernel.write_error = -32;
        Packet packet = packet_of(network.pool, Bytes(60));
        CHECK(network.stream.send(0, std::span(&packet, 1)) == 0);
        CHECK(packet);
        check_down(network);
    }
    SECTION("it takes no rest any more") {
        network.kernel.room = 10;
        CHECK(network.send(Bytes(60)));
        network.kernel.write_error = -32;
        network.stream.reclaim(0);
        check_down(network);
    }
    SECTION("it has a frame longer than any") {
        for (const std::uint32_t length : {std::uint32_t{longest_frame} + 1, std::uint32_t{1} << 31, UINT32_MAX}) {
            Network other;
            Bytes bytes;
            for (const unsigned shift : {24, 16, 8, 0}) bytes.push_back(static_cast<std::byte>(length >> shift & 0xff));
            bytes.resize(100'000);
            other.kernel.to_read.push_back(bytes);
            check_down(other);
        }
    }
}

TEST_CASE("memory that is not there is an error of open, which can be tried again") {
    unicore::test::reset_fake_pages();
    Kernel kernel;
    tap::Stream stream(0, kernel.descriptor(), {{2, 0, 0, 0, 0, 1}});
    Counter listener;
    unicore::test::fake_pages.limit = unicore::test::fake_pages.taken + 10;
    CHECK(stream.open(listener).error() == Error::out_of_memory);
    unicore::test::reset_fake_pages();
    CHECK(stream.open(listener).has_value());
}
