// SPDX-License-Identifier: BSD-3-Clause
// Cards that are broken, or mean it.
#include "world.hpp"

#include <array>
#include <random>
#include <span>

using namespace unicore;
using namespace unicore::net;
using namespace unicore::test;
using Event = Device::Event;

TEST_CASE("devices that cannot be used") {
    World world;
    SECTION("without an address") { world.card.address[1] &= 0xffff; }
    SECTION("with that of a group") { world.card.address[0] |= 1; }
    SECTION("with none") { world.card.address[0] = 0, world.card.address[1] = 1U << 31; }
    SECTION("a reset without end") { world.card.resets = false; }
    SECTION("memory that it does not let go of") { world.card.lets_go = false; }
    SECTION("receives on and on") { world.card.stays_on = true; }
    SECTION("none there") { world.card.gone = true; }
    CHECK(world.nic->prepare().error() == Error::device_error);
    CHECK(world.card.reads < 1'100'000);
}

TEST_CASE("what is marked though the device does not have it is not looked at") {
    World world;
    world.open();
    std::vector<Packet> kept;
    while (world.card.arrive(some(60))) kept.push_back(world.receive());
    const auto memory = world.card.ring(e1000::Register::rdbal);
    for (std::size_t at = 0; at != memory.size(); ++at) memory[at] = at % 16 == 12 ? std::byte{3} : std::byte{0x40};
    CHECK_FALSE(world.receive());
    CHECK(world.nic->await(0, Event::received));
    CHECK(world.nic->link().up);
}

TEST_CASE("damaged packets end, and the device goes on") {
    World world;
    world.open();
    REQUIRE(world.card.arrive(some(60), 13));
    REQUIRE(world.card.arrive(some(60), 0));
    for (const std::uint8_t bit : {0x01, 0x02, 0x04, 0x10, 0x80}) REQUIRE(world.card.arrive(some(60), {}, 3, bit));
    CHECK_FALSE(world.receive());
    CHECK(world.nic->statistics().received.errors == 7);
    world.card.at(e1000::Register::crcerrs) = 2;
    world.card.at(e1000::Register::rxerrc) = 3;
    CHECK(world.nic->statistics().received.errors == 12);
    REQUIRE(world.card.arrive(some(60)));
    CHECK(world.receive());
    CHECK(world.nic->link().up);
}

TEST_CASE("a device that says what cannot be is given up") {
    World world;
    world.open();
    world.card.finishes = false;
    REQUIRE(world.send(world.packet(some(60))));
    SECTION("a packet without an end") { REQUIRE(world.card.arrive(some(60), {}, 1)); }
    SECTION("one longer than a frame") { REQUIRE(world.card.arrive(some(60), 1523)); }
    SECTION("or as long as can be said") { REQUIRE(world.card.arrive(some(60), 65535)); }
    CHECK_FALSE(world.receive());
    CHECK(world.ears.changes == 1);
    CHECK_FALSE(world.nic->link().up);
    CHECK(log_text.find("e1000-3 is not used any more") != std::string::npos);
    CHECK_FALSE(world.card.running());
    CHECK(world.card.masked() == ~0U);
    CHECK(world.outside() == 0);
    CHECK(world.nic->await(0, Event::received));
    world.nic->on_queues();  // late
    world.nic->on_change();
    CHECK((world.ears.calls == 0 && world.ears.changes == 1));
    CHECK_FALSE(world.send(world.packet(some(60))));
    world.nic->close();
    CHECK(world.nic->open(world.ears).error() == Error::device_error);
}

TEST_CASE("what came before nonsense is given first") {
    World world;
    world.open();
    REQUIRE(world.card.arrive(some(60)));
    REQUIRE(world.card.arrive(some(60), {}, 1));
    std::array<Packet, 4> packets;
    CHECK(world.nic->receive(0, packets) == 1);
    CHECK(world.nic->link().up);
    CHECK(world.nic->receive(0, std::span(packets).subspan(1)) == 0);
    CHECK_FALSE(world.nic->link().up);
}

TEST_CASE("a device that is another one after a reset is not opened") {
    World world;
    REQUIRE(world.nic->prepare().has_value());
    world.card.address[0] += 0x100;
    CHECK(world.nic->open(world.ears).error() == Error::device_error);
    CHECK_FALSE(world.card.running());
}

TEST_CASE("a device that does not let go keeps its memory") {
    static World* kept = nullptr;  // for ever, so
    World& world = *(kept = new World);
    world.card.finishes = false;
    world.open();
    REQUIRE(world.send(world.packet(some(60))));
    world.card.resets = false;
    world.nic->close();
    CHECK(world.outside() == 1);
    CHECK(log_text.find("keeps memory") != std::string::npos);
    CHECK(world.nic->open(world.ears).error() == Error::device_error);
}

TEST_CASE("out of memory") {
    unsigned failures = 0;
    for (std::size_t takes = 0;; ++takes) {
        World world;
        REQUIRE(world.nic->prepare().has_value());
        fake_pages.refuse = [left = takes](std::size_t) mutable { return left == 0 || left-- == 0; };
        const auto opened = world.nic->open(world.ears);
        fake_pages.refuse = nullptr;
        if (opened) break;
        ++failures;
        CHECK(opened.error() == Error::out_of_memory);
        CHECK_FALSE(world.card.running());
        REQUIRE(world.nic->open(world.ears).has_value());
        REQUIRE(world.send(world.packet(some(60))));
        CHECK(world.card.sent.size() == 1);
    }
    CHECK(failures >= 5);
}

TEST_CASE("a hostile device breaks itself and nothing else") {
    unsigned lost = 0, received = 0;
    for (unsigned seed = 0; seed < 250; ++seed) {
        INFO("seed " << seed);
        std::mt19937 random(seed);
        World world(seed % 3 == 0 ? line : messages);
        world.card.finishes = seed % 5 != 0;
        world.open();
        std::vector<Packet> kept;
        for (unsigned step = 0; step < 100 && world.nic->link().up; ++step) {
            const bool nonsense = random() % 30 == 0;
            if (random() % 2 == 0) world.send(world.packet(some(14 + random() % 1500), 1 + random() % 3));
            if (random() % 2 == 0)
                world.card.arrive(some(1 + random() % 1522),
                                  nonsense ? std::optional(static_cast<std::uint16_t>(random())) : std::nullopt,
                                  static_cast<std::uint8_t>(nonsense ? random() : 3 | (random() & 0xf8)),
                                  static_cast<std::uint8_t>(random() % 4 == 0 ? random() : 0));
            if (nonsense)
                for (const auto base : {e1000::Register::rdbal, e1000::Register::tdbal}) {
                    const auto memory = world.card.ring(base);
                    // But for addresses, which the model itself goes by.
                    for (unsigned left = random() % 8; left != 0; --left)
                        memory[random() % memory.size() | 8] = std::byte(random());
                    if (random() % 8 == 0)
                        for (std::size_t at = 0; at != memory.size(); ++at)
                            if ((at & 8) != 0) memory[at] = std::byte(random());
                }
            if (random() % 4 == 0) world.card.cause(static_cast<std::uint32_t>(random()));
            if (random() % 3 == 0) world.nic->await(0, random() % 2 == 0 ? Event::received : Event::received_or_room);
            if (random() % 3 == 0) {
                if (Packet packet = world.receive()) {
                    ++received;
                    REQUIRE((packet.size() >= ethernet_header_size && packet.size() <= 1522));
                    if (kept.size() < 20) kept.push_back(std::move(packet));
                }
            }
            if (random() % 8 == 0) kept.clear();
        }
        lost += !world.nic->link().up;
        kept.clear();
        world.nic->close();
        REQUIRE(world.outside() == 0);
    }
    CHECK(lost > 50);
    CHECK(received > 500);
}
