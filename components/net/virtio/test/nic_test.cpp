// SPDX-License-Identifier: BSD-3-Clause
#include "world.hpp"

#include <unicore/platform.hpp>

#include <random>

using namespace unicore::net;
using namespace unicore::net::virtio::test;
using unicore::Error;
using unicore::net::virtio::Header;
namespace features = unicore::net::virtio::features;

unicore::time::Instant unicore::time::Monotonic::now() noexcept { return {}; }
void unicore::platform::early_write(std::string_view text) noexcept { messages += text; }

TEST_CASE("what the device is like") {
    SECTION("with all features") {
        World world;
        REQUIRE(world.nic->prepare().has_value());
        const Properties& properties = world.nic->properties();
        CHECK(world.nic->name() == "virtio3");
        CHECK(properties.address == MacAddress{{0x52, 0x54, 0, 0x12, 0x34, 0x56}});
        CHECK(properties.mtu == 1500);
        CHECK(properties.queues == 1);
        CHECK(properties.most_parts == 63);
        CHECK(properties.completes_checksums);
        CHECK(properties.verifies_checksums);
        CHECK(properties.segments_tcp4);
        CHECK(properties.segments_tcp6);
        CHECK(properties.merges_tcp);
        CHECK(world.device.status == 0);  // it was left alone
        CHECK(world.device.queues.empty());
    }
    SECTION("with none") {
        World world(plain);
        REQUIRE(world.nic->prepare().has_value());
        const Properties& properties = world.nic->properties();
        CHECK_FALSE(properties.completes_checksums);
        CHECK_FALSE(properties.verifies_checksums);
        CHECK_FALSE(properties.segments_tcp4);
        CHECK_FALSE(properties.merges_tcp);
        world.open();
        CHECK(world.nic->link().up);
    }
    SECTION("nothing is accepted that needs what is missing") {
        World world(everything & ~features::csum & ~features::mrg_rxbuf);
        REQUIRE(world.nic->prepare().has_value());
        CHECK((world.device.accepted & (features::host_tso4 | features::host_tso6 | features::guest_tso4)) == 0);
        CHECK((world.device.accepted & features::guest_csum) != 0);
        CHECK_FALSE(world.nic->properties().segments_tcp4);
    }
    SECTION("its link") {
        World world;
        world.open();
        CHECK(world.nic->link().up);
        CHECK(world.nic->link().megabits == 10000);
        world.device.config[6] = 0;
        CHECK(world.nic->link().up);  // it has not said so yet
        world.device.interrupts = 2;
        world.nic->on_line();
        CHECK(world.ears.changes == 1);
        CHECK(world.ears.calls == 0);
        CHECK_FALSE(world.nic->link().up);
    }
}

TEST_CASE("devices that cannot be used") {
    const auto refused = [](std::uint64_t offers, bool legacy = false) {
        World world(offers, legacy);
        return world.nic->prepare().error();
    };
    CHECK(refused(everything & ~features::mac) == Error::unsupported);
    CHECK(refused(features::mac) == Error::unsupported);                    // neither old nor new
    CHECK(refused(everything & ~features::any_layout, true) == Error::unsupported);
    World group;
    group.device.config[0] = 0x53;
    CHECK(group.nic->prepare().error() == Error::device_error);
    World narrow;
    narrow.device.config[10] = 67;
    narrow.device.config[11] = 0;
    CHECK(narrow.nic->prepare().error() == Error::device_error);
    World wide(everything & ~features::mrg_rxbuf);
    wide.device.config[11] = 0x20;
    CHECK(wide.nic->prepare().error() == Error::unsupported);
    World small;
    small.device.limit = 1;
    CHECK(small.nic->prepare().error() == Error::unsupported);
    World empty;
    empty.device.config.resize(4);
    CHECK(empty.nic->prepare().error() == Error::out_of_range);
}

TEST_CASE("packed rings go without an event index") {
    CHECK((virtio::choose(packed) & (feature_bits::ring_packed | feature_bits::event_index)) == feature_bits::ring_packed);
    CHECK((virtio::choose(everything) & (feature_bits::ring_packed | feature_bits::event_index)) == feature_bits::event_index);
}

TEST_CASE("packets are sent as they are, and end") {
    const std::uint64_t offers = GENERATE(values<std::uint64_t>({packed, everything, plain, everything & ~feature_bits::event_index}));
    const bool legacy = GENERATE(false, true);
    World world(offers | features::any_layout, legacy);
    world.open();
    const std::size_t room = world.header_size() - GENERATE(values<std::size_t>({0, 1, 10}));
    for (const std::size_t size : {14U, 60U, 1514U}) {
        for (const std::size_t parts : {1U, 2U, 7U}) {
            REQUIRE(world.send(world.packet(size, parts, room)));
            REQUIRE(bytes_of(world.packet(size, parts)) == world.sent.back());
            CHECK(world.headers.back().header == Header{});
            CHECK(world.pieces.back() == parts + (room < world.header_size()));
        }
    }
    world.nic->reclaim(0);
    CHECK(world.outside() == 0);
    CHECK(world.nic->statistics().sent.packets == 9);
    CHECK(world.nic->statistics().sent.bytes == 3 * (14 + 60 + 1514));
}

TEST_CASE("a first part without contents has no header in front of it") {
    World world;
    world.open();
    Packet packet = world.packet(0, 1, 64);
    packet.append(world.packet(60));
    REQUIRE(world.send(std::move(packet)));
    CHECK(world.sent.back() == bytes_of(world.packet(60)));
    CHECK(world.pieces.back() == 2);
}

TEST_CASE("what cannot be sent ends, counted") {
    World world(plain | features::csum | features::host_tso6);
    world.open();
    CHECK(world.send(Packet()));
    CHECK(world.send(world.packet(0)));
    CHECK(world.send(world.packet(13)));
    CHECK(world.send(world.packet(1515)));
    CHECK(world.send(world.packet(1000, 64)));
    Packet four = world.packet(1200);
    four.bytes()[34 + 12] = std::byte{0x50};
    four.offload() = segments;
    CHECK(world.send(std::move(four)));  // only of version 6
    CHECK(world.sent.empty());
    CHECK(world.outside() == 0);
    CHECK(world.nic->statistics().sent.errors == 6);
}

TEST_CASE("checksums and segments are left to the device") {
    World world;
    world.open();
    Packet packet = world.packet(5000, 4, GENERATE(values<std::size_t>({0, 12})));
    packet.bytes()[34 + 12] = std::byte{0x50};
    packet.offload() = segments;
    REQUIRE(world.send(std::move(packet)));
    CHECK(world.headers.back().header == Header{1, 1, 54, 1000, 34, 16});
    CHECK(world.headers.back().num_buffers == 0);
}

TEST_CASE("there is room for so many packets, and somebody is told when there is more") {
    World world(GENERATE(values<std::uint64_t>({packed, everything, everything & ~feature_bits::event_index})));
    world.finishes = false;
    world.open();
    std::vector<Packet> burst(40);
    const bool room = GENERATE(false, true);
    for (Packet& packet : burst) packet = room ? world.packet(60, 2, 12) : world.packet(60);
    CHECK(world.nic->send(0, burst) == 32);  // of 64 descriptors, two each
    CHECK(burst[32]);
    CHECK(world.nic->await(0, Device::Event::received_or_room));
    CHECK(world.nic->send(0, std::span(burst).subspan(32)) == 0);
    for (int i = 0; i != 3; ++i) world.device.queue(1).finish(world.unfinished[static_cast<std::size_t>(i)], 0);
    CHECK_FALSE(world.nic->await(0, Device::Event::received_or_room));  // there is
    CHECK(world.nic->await(0, Device::Event::received));                // that is not asked for
    world.device.interrupts = 1;
    world.nic->on_line();
    CHECK(world.ears.calls == 1);
    CHECK(world.nic->statistics().interrupts == 1);
    CHECK(world.nic->send(0, std::span(burst).subspan(32)) == 3);
    CHECK(world.outside() == (room ? 2 : 1) * 37);
    world.nic->close();
    burst.clear();
    CHECK(world.outside() == 0);
}

TEST_CASE("the device is not rung for what it will see anyway") {
    World world;
    world.finishes = false;
    world.open();
    const unsigned before = world.device.notifications;
    world.device.queue(1).avail_event() = 100;
    REQUIRE(world.send(world.packet(60)));
    CHECK(world.device.notifications == before);
    std::array<Packet, 4> burst;
    for (Packet& packet : burst) packet = world.packet(60);
    world.device.queue(1).avail_event() = 2;
    CHECK(world.nic->send(0, burst) == 4);
    CHECK(world.device.notifications == before + 1);  // once for all
    CHECK(world.sent.size() == 5);
}

TEST_CASE("what arrives becomes packets") {
    const std::uint64_t offers = GENERATE(values<std::uint64_t>({packed, everything, plain, plain | features::mrg_rxbuf}));
    const bool legacy = GENERATE(false, true);
    World world(offers | features::any_layout, legacy);
    world.open();
    CHECK(world.buffers.size() == 64);
    CHECK(world.nic->await(0, Device::Event::received));
    CHECK_FALSE(world.receive());
    for (const std::size_t size : {14U, 60U, 1514U}) {
        world.arrive({}, frame(size));
        CHECK_FALSE(world.nic->await(0, Device::Event::received));
        const Packet packet = world.receive();
        REQUIRE(packet);
        CHECK(bytes_of(packet) == frame(size));
        CHECK(packet.offload() == Offload{});
        CHECK(reinterpret_cast<std::uintptr_t>(packet.bytes().data() + ethernet_header_size) % 8 == 0);
        world.look(0);
        CHECK(world.buffers.size() == 64);  // others took its place
    }
    CHECK(world.nic->statistics().received.packets == 3);
    CHECK(world.nic->statistics().received.bytes == 14 + 60 + 1514);
    world.nic->close();
}

TEST_CASE("merged packets arrive in parts") {
    World world;
    world.open();
    std::vector<std::uint8_t> large = frame(9000);
    large[34 + 12] = 0x50;
    world.arrive({1, 1, 54, 1448, 34, 16}, large);
    Packet packet = world.receive();
    REQUIRE(packet);
    CHECK(packet.parts() == 5);
    CHECK(bytes_of(packet) == large);
    CHECK(packet.offload().segments == Offload::Segments::tcp4);
    CHECK(packet.offload().segment_size == 1448);
    world.arrive({2, 0, 0, 0, 0, 0}, frame(60));
    CHECK(world.receive().offload().checksum == Offload::Checksum::verified);
}

TEST_CASE("who reads slowly runs the device out of buffers, and back") {
    World world;
    world.open();
    std::vector<Packet> kept;
    const std::size_t buffers = unicore::net::virtio::config::buffers;
    while (!world.buffers.empty()) {
        world.arrive({}, frame(60));
        kept.push_back(world.receive());
        REQUIRE(kept.back());
        world.look(0);
    }
    CHECK(kept.size() == buffers);
    kept.clear();
    world.nic->reclaim(0);  // any call will do
    world.look(0);
    CHECK(world.buffers.size() == 64);
}

TEST_CASE("damaged packets end, and the device goes on") {
    World world;
    world.open();
    world.arrive({}, frame(13));
    world.arrive({1, 0, 0, 0, 59, 0}, frame(60));          // a checksum outside
    world.arrive({1, 3, 0, 100, 34, 16}, frame(60));       // segments that nobody asked for
    CHECK_FALSE(world.receive());
    CHECK(world.nic->statistics().received.errors == 3);
    world.arrive({}, frame(60));
    CHECK(world.receive());
    CHECK(world.nic->link().up);
}

TEST_CASE("without the feature, what the header says of checksums does not count") {
    World world(plain);
    world.open();
    world.arrive({3, 0, 0, 0, 14, 2}, frame(60));
    CHECK(world.receive().offload().checksum == Offload::Checksum::none);
    world.arrive({1, 1, 54, 100, 34, 16}, frame(600));
    CHECK_FALSE(world.receive());
    CHECK(world.nic->statistics().received.errors == 1);
}

TEST_CASE("a device that says what cannot be is given up") {
    World world;
    world.open();
    REQUIRE(world.send(world.packet(60)));
    SECTION("parts that are not there") { world.arrive({}, frame(60), 2); }
    SECTION("no part") { world.arrive({}, frame(60), 0); }
    SECTION("less than a header") { world.device.queue(0).finish(world.buffers.front().id, 11); }
    SECTION("an empty part") {
        world.arrive({}, frame(60), 2);
        world.device.queue(0).finish(world.buffers.front().id, 0);
    }
    SECTION("a buffer that it has not") { world.device.queue(0).finish(200, 60); }
    CHECK_FALSE(world.receive());
    CHECK(world.ears.changes == 1);
    CHECK_FALSE(world.nic->link().up);
    CHECK(messages.find("virtio3 is not used any more") != std::string::npos);
    CHECK(world.device.status == 0);
    CHECK(world.outside() == 0);
    CHECK(world.nic->await(0, Device::Event::received));
    world.nic->on_queues();  // late
    CHECK(world.ears.calls == 0);
    CHECK_FALSE(world.send(world.packet(60)));
    world.nic->close();
    CHECK(world.nic->open(world.ears).error() == Error::device_error);
}

TEST_CASE("what came before nonsense is given first") {
    World world;
    world.open();
    world.arrive({}, frame(60));
    world.arrive({}, frame(60), 0);
    std::array<Packet, 4> packets;
    CHECK(world.nic->receive(0, packets) == 1);
    CHECK(world.nic->link().up);
    CHECK(world.nic->receive(0, std::span(packets).subspan(1)) == 0);
    CHECK_FALSE(world.nic->link().up);
}

TEST_CASE("a device that sends back what it has not is given up") {
    World world;
    world.open();
    world.device.queue(1).finish(5, 0);
    CHECK_FALSE(world.send(world.packet(60)));
    CHECK_FALSE(world.nic->link().up);
    CHECK(world.outside() == 0);
}

TEST_CASE("closed and opened again") {
    World world;
    world.device.takes_messages = true;
    REQUIRE(world.nic->prepare().has_value());
    world.nic->set_messages({2, 5});
    world.nic->close();  // does nothing
    for (int round = 0; round < 3; ++round) {
        world.sent.clear();
        world.buffers.clear();
        REQUIRE(world.nic->open(world.ears).has_value());
        world.look(0);
        CHECK(world.nic->open(world.ears).error() == Error::busy);
        CHECK(world.device.queue_messages == std::map<std::uint16_t, std::uint16_t>{{0, 2}, {1, 2}});
        CHECK(world.device.messages.at(unicore::bus::virtio::Register::config_vector) == 5);
        world.finishes = false;
        CHECK(world.send(world.packet(100)));
        world.arrive({}, frame(60));
        world.nic->on_queues();
        CHECK(world.nic->statistics().interrupts == 1);
        CHECK(world.receive());
        world.arrive({}, frame(60));
        world.nic->close();
        CHECK(world.outside() == 0);
        CHECK(world.device.queues.empty());
        world.nic->on_queues();  // late
        world.nic->on_change();
    }
    CHECK(world.ears.calls == 3);
}

TEST_CASE("a device that is another one after a reset is not opened") {
    World world;
    REQUIRE(world.nic->prepare().has_value());
    world.device.offers &= ~features::csum;
    CHECK(world.nic->open(world.ears).error() == Error::device_error);
    CHECK(world.device.status == 0);
}

TEST_CASE("a device that does not let go keeps its memory") {
    static World* kept = nullptr;  // for ever, so
    World& world = *(kept = new World);
    world.finishes = false;
    world.open();
    REQUIRE(world.send(world.packet(60)));
    world.device.resets = false;
    world.nic->close();
    CHECK(world.outside() == 1);
    CHECK(messages.find("keeps memory") != std::string::npos);
    CHECK(world.nic->open(world.ears).error() == Error::device_error);
}

TEST_CASE("out of memory") {
    for (std::size_t pages = 0;; ++pages) {
        World world;
        REQUIRE(world.nic->prepare().has_value());
        const std::size_t before = unicore::test::taken_pages;
        unicore::test::pages_left = pages;
        const auto opened = world.nic->open(world.ears);
        unicore::test::pages_left = 1000;
        if (opened) break;
        CHECK(opened.error() == Error::out_of_memory);
        CHECK(world.device.status == 0);
        REQUIRE(world.nic->open(world.ears).has_value());
        CHECK(unicore::test::taken_pages > before);
    }
}

TEST_CASE("a hostile device breaks itself and nothing else") {
    unsigned lost = 0, received = 0;
    for (unsigned seed = 0; seed < 1000; ++seed) {
        INFO("seed " << seed);
        std::mt19937 random(seed);
        World world(seed % 3 == 0 ? plain : everything);
        world.finishes = seed % 5 != 0;
        world.open();
        std::vector<Packet> kept;
        const auto alive = [&] { return world.device.status != 0; };
        for (unsigned step = 0; step < 100 && alive(); ++step) {
            if (random() % 2 == 0) world.send(world.packet(14 + random() % 1500, 1 + random() % 3));
            if (alive() && random() % 2 == 0 && world.buffers.size() > 4) {
                Header header{};
                if (random() % 3 == 0) {
                    std::uint8_t bytes[sizeof header];
                    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random() % 3 == 0 ? random() : random() % 4);
                    std::memcpy(&header, bytes, sizeof header);
                }
                world.arrive(header, frame(1 + random() % 2000),
                             random() % 40 == 0 ? std::optional<std::uint16_t>(random() % 5) : std::nullopt);
            }
            if (alive() && random() % 30 == 0)
                for (FakeQueue* queue : {&world.device.queue(0), &world.device.queue(1)}) {
                    const auto ring = queue->used_ring();
                    for (unsigned left = random() % 4; left != 0; --left) ring[random() % ring.size()] = std::byte(random());
                }
            if (random() % 3 == 0) {
                if (Packet packet = world.receive()) {
                    ++received;
                    REQUIRE(bytes_of(packet).size() >= ethernet_header_size);
                    if (kept.size() < 20) kept.push_back(std::move(packet));
                }
            }
            if (random() % 8 == 0) kept.clear();
            if (alive()) world.look(0);
        }
        lost += !world.nic->link().up;
        kept.clear();
        world.nic->close();
        REQUIRE(world.outside() == 0);
    }
    CHECK(lost > 200);
    CHECK(received > 2000);
}
