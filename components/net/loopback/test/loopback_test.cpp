// SPDX-License-Identifier: BSD-3-Clause
#include "../../../memory/heap/test/fake_pages.hpp"

#include <unicore/net/address.hpp>
#include <unicore/net/checksum.hpp>
#include <unicore/net/device.hpp>
#include <unicore/net/loopback.hpp>
#include <unicore/net/pool.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <vector>

using namespace unicore::net;
using namespace std::chrono_literals;
using unicore::Error;
using unicore::time::Instant;
using loopback::Cable;
using loopback::End;
using loopback::Faults;

namespace unicore::net::loopback {
Result<void> start() noexcept;
}

namespace {

Instant now{};  ///< a microsecond later at each look, so that what waits comes to an end

}  // namespace

unicore::time::Instant unicore::time::Monotonic::now() noexcept { return ::now += 1us; }

namespace {

struct Counter final : Listener {
    void ready(unsigned) noexcept override { ++calls; }
    void link_changed() noexcept override {}
    int calls = 0;
};

/// A cable with both ends open, and a pool for what is sent.
struct Network {
    explicit Network(const Faults& faults = {}, std::size_t most = 256) {
        REQUIRE(pool.open(16).has_value());
        REQUIRE(cable.open(most, faults).has_value());
        REQUIRE(cable.left().open(at_left).has_value());
        REQUIRE(cable.right().open(at_right).has_value());
    }

    Packet frame(std::uint32_t number, std::size_t size = 60) {
        Packet packet = *pool.take();
        Buffer& buffer = packet.first();
        buffer.size = static_cast<std::uint32_t>(size);
        std::memset(buffer.data, 0, size);
        std::memcpy(buffer.data + ethernet_header_size, &number, sizeof number);
        return packet;
    }
    void send(std::uint32_t number) {
        Packet packet = frame(number);
        CHECK(cable.left().send(0, std::span(&packet, 1)) == 1);
        CHECK_FALSE(packet);
    }
    /// What comes out at the right end by now.
    std::vector<std::uint32_t> received() {
        std::vector<std::uint32_t> numbers;
        std::array<Packet, 3> packets;
        while (const std::size_t count = cable.right().receive(0, packets))
            for (std::size_t i = 0; i < count; ++i) {
                std::uint32_t number = 0;
                std::memcpy(&number, packets[i].bytes().data() + ethernet_header_size, sizeof number);
                numbers.push_back(number);
                packets[i].clear();
            }
        return numbers;
    }

    Pool pool;
    Counter at_left, at_right;
    Cable cable;
};

using Numbers = std::vector<std::uint32_t>;

}  // namespace

TEST_CASE("the boot step adds a device") {  // the first case: the conformance suite, the last, finds the device here
    unicore::test::reset_fake_pages();
    REQUIRE(loopback::start().has_value());
    REQUIRE(first_device() == find_device("loopback0"));
    REQUIRE(first_device() != nullptr);
}

TEST_CASE("a good cable brings everything, at once and in order") {
    Network network;
    for (std::uint32_t i = 0; i < 100; ++i) network.send(i);
    const Numbers numbers = network.received();
    REQUIRE(numbers.size() == 100);
    CHECK(std::ranges::is_sorted(numbers));
    CHECK(network.cable.left().statistics().sent.packets == 100);
    CHECK(network.cable.left().statistics().sent.bytes == 6000);
    CHECK(network.cable.right().statistics().received.packets == 100);
    CHECK(network.pool.statistics().free == 16);
    CHECK(network.cable.to_right().statistics().free == 256);
    std::array<Packet, 1> none;
    CHECK(network.cable.left().receive(0, none) == 0);
}

TEST_CASE("delay: not before its time, and who waits knows when") {
    Network network({.delay = 1ms});
    network.send(7);
    const Instant due = network.cable.right().look_at();
    CHECK(due - now == 1ms);
    CHECK(network.cable.right().await(0, Device::Event::received));
    CHECK(network.received().empty());
    now = due;
    CHECK_FALSE(network.cable.right().await(0, Device::Event::received));
    CHECK(network.received() == Numbers{7});
    CHECK(network.cable.right().look_at() == unicore::time::never);
}

TEST_CASE("who awaits is called once") {
    Network network;
    network.send(1);
    CHECK(network.at_right.calls == 0);
    CHECK_FALSE(network.cable.right().await(0, Device::Event::received));
    network.received();
    CHECK(network.cable.right().await(0, Device::Event::received));
    network.send(2);
    network.send(3);
    CHECK(network.at_right.calls == 1);
    CHECK(network.at_left.calls == 0);
}

TEST_CASE("speed: packets come as fast as the line is") {
    Network network({.bytes_per_second = 1'000'000});  // 60 bytes in 60 µs
    const Instant begin = now;
    for (std::uint32_t i = 0; i < 10; ++i) network.send(i);
    now = begin + 290us;
    CHECK(network.received().size() == 4);  // the first was sent a little later
    now = begin + 700us;
    CHECK(network.received().size() == 6);
}

TEST_CASE("loss, duplicates, damage and overtaking: as often as was said, and the same with the same seed") {
    const Faults faults{.lost = 100'000, .duplicated = 50'000, .damaged = 20'000, .overtaken = 100'000, .delay = 1ms,
                        .overtaken_by = 5ms, .seed = 20261127};
    const auto run = [](const Faults& with) {
        now = {};
        Network network(with);
        Numbers all;
        for (std::uint32_t i = 0; i < 10'000; ++i) {
            network.send(i);
            now += 100us;
            std::ranges::copy(network.received(), std::back_inserter(all));
        }
        now += 1s;
        std::ranges::copy(network.received(), std::back_inserter(all));
        CHECK(network.cable.to_right().statistics().free == 256);
        return all;
    };
    const Numbers first = run(faults);
    CHECK(first == run(faults));
    Faults other = faults;
    ++other.seed;
    CHECK(first != run(other));

    Numbers sorted = first;
    std::ranges::sort(sorted);
    const auto copies = std::ranges::unique(sorted);
    const auto duplicates = static_cast<long>(copies.size());
    const auto different = static_cast<long>(sorted.size()) - duplicates;
    CHECK(std::abs(different - 9'000) < 300);
    CHECK(std::abs(duplicates - 450) < 150);
    CHECK_FALSE(std::ranges::is_sorted(first));

    SECTION("only loss keeps the order") {
        CHECK(std::ranges::is_sorted(run({.lost = 300'000, .delay = 1ms})));
    }
}

TEST_CASE("damage is one bit of a packet") {
    Network network({.damaged = 1'000'000});
    for (int i = 0; i < 100; ++i) {
        Packet sent = network.frame(0, 200);
        CHECK(network.cable.left().send(0, std::span(&sent, 1)) == 1);
        std::array<Packet, 1> received;
        REQUIRE(network.cable.right().receive(0, received) == 1);
        int bits = 0;
        for (const std::byte byte : received[0].bytes()) bits += std::popcount(std::to_integer<unsigned char>(byte));
        CHECK(bits == 1);
    }
}

TEST_CASE("a full line loses what comes, and says so") {
    Network network({.delay = 1s}, 8);
    for (std::uint32_t i = 0; i < 20; ++i) network.send(i);
    const Statistics statistics = network.cable.left().statistics();
    CHECK(statistics.sent.packets == 8);
    CHECK(statistics.sent.dropped == 12);
    now += 2s;
    CHECK(network.received() == Numbers{0, 1, 2, 3, 4, 5, 6, 7});
}

TEST_CASE("what is sent is copied: each end may change its own") {
    Network network;
    Packet packet = network.frame(5);
    std::byte* const place = packet.bytes().data();
    CHECK(network.cable.left().send(0, std::span(&packet, 1)) == 1);
    std::array<Packet, 1> received;
    REQUIRE(network.cable.right().receive(0, received) == 1);
    CHECK(received[0].bytes().data() != place);
}

TEST_CASE("a partial checksum is completed") {
    Network network;
    Packet packet = network.frame(0x12345678, 61);
    packet.offload() = {.checksum = Offload::Checksum::partial, .checksum_start = 14, .checksum_offset = 6};
    CHECK(network.cable.left().send(0, std::span(&packet, 1)) == 1);
    std::array<Packet, 1> received;
    REQUIRE(network.cable.right().receive(0, received) == 1);
    CHECK(received[0].offload() == Offload{});
    Checksum checksum;
    checksum.add(received[0].bytes().subspan(14));
    CHECK(checksum.sum() == 0xffff);

    SECTION("one that is 0 is sent as all ones") {
        Packet zero = network.frame(0);
        std::memset(zero.bytes().data() + 14, 0xff, 2);  // with the checksum's own 0, the complement is 0
        zero.offload() = {.checksum = Offload::Checksum::partial, .checksum_start = 14, .checksum_offset = 6};
        CHECK(network.cable.left().send(0, std::span(&zero, 1)) == 1);
        REQUIRE(network.cable.right().receive(0, received) == 1);
        CHECK(received[0].bytes()[20] == std::byte{0xff});
        CHECK(received[0].bytes()[21] == std::byte{0xff});
    }
    SECTION("one that would be outside is left") {
        Packet bad = network.frame(0);
        bad.offload() = {.checksum = Offload::Checksum::partial, .checksum_start = 50, .checksum_offset = 9};
        CHECK(network.cable.left().send(0, std::span(&bad, 1)) == 1);
        CHECK(network.cable.right().receive(0, received) == 1);
    }
}

TEST_CASE("a closed end receives nothing, and what was on its way is lost") {
    Network network({.delay = 1ms});
    network.send(1);
    network.cable.right().close();
    now += 1s;
    CHECK(network.received().empty());
    Packet packet = network.frame(2);
    CHECK(network.cable.right().send(0, std::span(&packet, 1)) == 0);
    CHECK(packet);
    network.send(3);
    CHECK(network.cable.left().statistics().sent.dropped == 1);
    REQUIRE(network.cable.right().open(network.at_right).has_value());
    now += 1s;
    CHECK(network.received().empty());
    network.send(4);
    now += 1s;
    CHECK(network.received() == Numbers{4});
}

TEST_CASE("memory that is not there is an error") {
    unicore::test::reset_fake_pages();
    const std::size_t before = unicore::test::fake_pages.taken;
    for (std::size_t limit = 0; limit < 35; ++limit) {
        unicore::test::fake_pages.limit = before + limit;
        Cable cable;
        CHECK(cable.open(32).error() == Error::out_of_memory);
    }
    unicore::test::reset_fake_pages();
    CHECK(unicore::test::fake_pages.taken == before);
}
