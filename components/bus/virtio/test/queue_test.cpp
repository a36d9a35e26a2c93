// SPDX-License-Identifier: BSD-3-Clause
#include "fake_device.hpp"

#include <unicore/arch/barriers.hpp>

#include <catch2/catch.hpp>

#include <algorithm>

using namespace unicore::bus::virtio;
using unicore::Error;
using unicore::test::FakeQueue;

namespace {

struct World {
    explicit World(Rings rings = Rings::split) : rings(rings) {}

    Rings rings;
    std::array<Slot, 8> slots;
    Queue queue = Queue::create(slots, rings).value();
    FakeQueue device{queue.layout(), 8, rings};
    std::vector<std::byte> memory = std::vector<std::byte>(4096);

    std::span<std::byte> part(std::size_t index) { return std::span(memory).subspan(64 * index, 64); }
    std::uint16_t add_one(std::size_t index) { return queue.add(std::array{Buffer::to_write(part(index))}).value(); }
    bool broken() {
        const bool is = queue.take_used() == unicore::unexpected(Error::device_error);
        if (is) {
            CHECK(queue.take_used().error() == Error::device_error);
            CHECK(queue.add(std::array{Buffer::to_write(part(0))}).error() == Error::device_error);
        }
        return is;
    }
};

}  // namespace

bool operator==(const Queue::Used& a, const Queue::Used& b) { return a.request == b.request && a.written == b.written; }
namespace unicore::bus::virtio {
using ::operator==;
}

TEST_CASE("the parts lie as both kinds of devices want them") {
    for (std::size_t size = 1; size <= 1024; size *= 2) {
        std::vector<Slot> slots(size);
        const Queue queue = Queue::create(slots).value();
        const auto layout = queue.layout();
        CHECK(queue.size() == size);
        CHECK(layout.descriptors % 4096 == 0);
        CHECK(layout.available == layout.descriptors + 16 * size);
        CHECK(layout.used % 4096 == 0);
        CHECK(layout.used >= layout.available + 6 + 2 * size);
        CHECK(layout.used < layout.available + 6 + 2 * size + 4096);
        CHECK(unicore::test::taken_pages * 4096 >= layout.used + 6 + 8 * size - layout.descriptors);
        // What the device, or we, look at before the other side has written it.
        const auto half = [&](std::uintptr_t address) { return *reinterpret_cast<const std::uint16_t*>(address); };
        CHECK(half(layout.available) == 1);  // VIRTQ_AVAIL_F_NO_INTERRUPT
        CHECK(half(layout.available + 2) == 0);
        CHECK(half(layout.available + 4 + 2 * size) == 0);
        CHECK(half(layout.used) == 0);
        CHECK(half(layout.used + 2) == 0);
        CHECK(half(layout.used + 4 + 8 * size) == 0);
    }
    CHECK(unicore::test::taken_pages == 0);
}

TEST_CASE("without memory there is no queue") {
    std::array<Slot, 8> slots;
    const std::size_t left = std::exchange(unicore::test::pages_left, 1);
    CHECK(Queue::create(slots).error() == Error::out_of_memory);
    unicore::test::pages_left = left;
}

TEST_CASE("a request goes to the device and comes back, round after round") {
    World world(GENERATE(Rings::split, Rings::packed));
    for (unsigned round = 0; round < 70'000; ++round) {  // the indices wrap
        const std::uint16_t id = world.add_one(round % 8);
        if (round % 1000 == 0) CHECK_FALSE(world.queue.take_used().value().has_value());
        const auto request = world.device.next();
        if (!request || request->id != id || request->to_write.size() != 1) FAIL();
        if (request->to_write[0].data() != world.part(round % 8).data() || request->to_write[0].size() != 64) FAIL();
        world.device.finish(id, round % 65);
        const auto used = world.queue.take_used();
        if (!used || !*used || (*used)->request != id || (*used)->written != round % 65) FAIL();
    }
    CHECK_FALSE(world.queue.take_used().value().has_value());
}

TEST_CASE("requests of several parts, finished in any order") {
    World world(GENERATE(Rings::split, Rings::packed));
    for (unsigned before = GENERATE(range(0U, 8U)); before != 0; --before) {  // begin anywhere in the ring
        world.add_one(0);
        world.device.finish(world.device.next()->id, 0);
        REQUIRE(world.queue.take_used().value().has_value());
    }
    const auto first = world.queue.add(std::array{Buffer::to_read(world.part(0)), Buffer::to_write(world.part(1)),
                                                  Buffer::to_write(world.part(2))});
    const auto second = world.queue.add(std::array{Buffer::to_read(world.part(3)), Buffer::to_read(world.part(4))});
    const auto third = world.queue.add(std::array{Buffer::to_write(world.part(5)), Buffer::to_write(world.part(6))});
    CHECK(world.queue.add(std::array{Buffer::to_read(world.part(0)), Buffer::to_read(world.part(1))}).error() ==
          Error::busy);
    const auto one = *world.device.next(), two = *world.device.next(), three = *world.device.next();
    CHECK_FALSE(world.device.next().has_value());
    CHECK(one.to_read.size() == 1);
    CHECK(one.to_write.size() == 2);
    CHECK(one.to_write[1].data() == world.part(2).data());
    CHECK(two.to_read.size() == 2);
    CHECK(three.to_write.size() == 2);
    world.device.finish(two.id, 0);
    world.device.finish(three.id, 128);
    world.device.finish(one.id, 128);
    CHECK(world.queue.take_used().value() == Queue::Used{*second, 0});
    CHECK(world.queue.take_used().value() == Queue::Used{*third, 128});
    CHECK(world.queue.take_used().value() == Queue::Used{*first, 128});
    for (unsigned i = 0; i < 8; ++i) world.add_one(i);  // all descriptors are free again
    CHECK(world.queue.add(std::array{Buffer::to_write(world.part(0))}).error() == Error::busy);
}

TEST_CASE("the index tells of a request when all of it is there, and an answer is looked at after its index") {
    static World* world;
    static std::vector<std::uint16_t> seen;
    World here;
    world = &here;
    seen.clear();
    unicore::arch::Barriers::test_passed = [] {
        seen.push_back(0);
        if (const auto request = world->device.next()) {
            seen.back() = static_cast<std::uint16_t>(request->to_write.size());
            world->device.finish(request->id, 7);
        }
    };
    here.add_one(0);
    CHECK(seen == std::vector<std::uint16_t>{0});  // at the barrier the device has nothing yet
    CHECK(here.queue.wants_notification());        // at this one it sees the request
    CHECK(seen == std::vector<std::uint16_t>{0, 1});
    CHECK(here.queue.take_used().value() == Queue::Used{0, 7});
    CHECK(seen.size() == 3);
    unicore::arch::Barriers::test_passed = nullptr;
}

TEST_CASE("each side says whether it wants to be told") {
    World world;
    CHECK(world.device.available_flags() == 1);
    CHECK(world.queue.await_used());
    CHECK(world.device.available_flags() == 0);
    world.queue.no_interrupts();
    CHECK(world.device.available_flags() == 1);
    CHECK_FALSE(world.queue.wants_notification());  // of nothing
    world.add_one(0);
    CHECK(world.queue.wants_notification());
    CHECK_FALSE(world.queue.wants_notification());  // twice
    world.add_one(1);
    world.device.used_flags() = 1;
    CHECK_FALSE(world.queue.wants_notification());
    world.device.finish(world.device.next()->id, 0);
    CHECK_FALSE(world.queue.await_used());  // there is one
    CHECK(world.queue.take_used().value().has_value());
    CHECK(world.queue.await_used());
}

TEST_CASE("with an event index each side says of which request it wants to be told") {
    std::array<Slot, 4> slots;
    Queue queue = Queue::create(slots, Rings::split_event_index).value();
    FakeQueue device{queue.layout(), 4};
    std::vector<std::byte> memory(64);
    const auto add = [&] { REQUIRE(queue.add(std::array{Buffer::to_write(memory)}).has_value()); };
    const auto finish = [&] {
        device.finish(device.next()->id, 0);
        REQUIRE(queue.take_used().value().has_value());
    };
    CHECK(device.available_flags() == 0);  // has to be, and says nothing
    CHECK(device.used_event() == 0xffff);
    queue.no_interrupts();
    CHECK(device.available_flags() == 0);

    // Through all values of the indices, and over their end.
    for (unsigned round = 0; round != 0x10000 + 10; ++round) {
        const auto index = static_cast<std::uint16_t>(round);
        device.avail_event() = index;  // of the very next
        add();
        REQUIRE(queue.wants_notification());
        REQUIRE_FALSE(queue.wants_notification());
        REQUIRE(queue.await_used());
        REQUIRE(device.used_event() == index);
        finish();
    }
    device.avail_event() = 11;  // of the second from here
    add();
    CHECK_FALSE(queue.wants_notification());
    add();
    CHECK(queue.wants_notification());
    device.avail_event() = 12;  // of the first of two
    add();
    add();
    CHECK(queue.wants_notification());
    finish();
    device.finish(device.next()->id, 0);
    CHECK_FALSE(queue.await_used());
    CHECK(device.used_event() == 11);
}

TEST_CASE("what no device may say breaks the queue") {
    World world;
    const std::uint16_t id = world.add_one(0);
    const std::uint16_t other = world.add_one(1);
    SECTION("more answers than requests") {
        world.device.used_index() = 3;
        CHECK(world.broken());
    }
    SECTION("fewer than before") {
        world.device.used_index() = 0xffff;
        CHECK(world.broken());
    }
    SECTION("half of all") {
        world.device.used_index() = 0x8000;
        CHECK(world.broken());
    }
    SECTION("a request that is none") {
        for (const std::uint32_t none : {0xffffffffU, 0x10000U, 8U}) {
            World each;
            each.add_one(0);
            each.device.finish(none, 0);
            CHECK(each.broken());
        }
    }
    SECTION("the number of one, with bits above 16") {
        world.device.finish(id | 0x10000U, 0);
        CHECK(world.broken());
    }
    SECTION("one that the device has not") {
        world.device.finish(7, 0);
        CHECK(world.broken());
    }
    SECTION("one twice") {
        world.device.finish(id, 1);
        world.device.finish(id, 1);
        CHECK(world.queue.take_used().value() == Queue::Used{id, 1});
        CHECK(world.broken());
    }
    SECTION("the second part of one") {
        const auto pair = world.queue.add(std::array{Buffer::to_write(world.part(2)), Buffer::to_write(world.part(3))});
        world.device.finish(*pair + 1U, 0);
        CHECK(world.broken());
    }
    SECTION("more bytes than there was room for") {
        world.device.finish(other, 64);
        CHECK(world.queue.take_used().value() == Queue::Used{other, 64});
        world.device.finish(id, 65);
        CHECK(world.broken());
    }
    SECTION("bytes where it had only to read") {
        const auto read = world.queue.add(std::array{Buffer::to_read(world.part(2))});
        world.device.finish(*read, 1);
        CHECK(world.broken());
    }
}

TEST_CASE("a packed queue lies in one piece, and is nobody's at first") {
    for (std::size_t size = 1; size <= 1024; size *= 2) {
        std::vector<Slot> slots(size);
        const Queue queue = Queue::create(slots, Rings::packed).value();
        const auto layout = queue.layout();
        CHECK(layout.descriptors % 16 == 0);
        CHECK(layout.available == layout.descriptors + 16 * size);
        CHECK(layout.used == layout.available + 4);
        CHECK(unicore::test::taken_pages * 4096 >= layout.used + 4 - layout.descriptors);
        FakeQueue device(layout, static_cast<std::uint16_t>(size), Rings::packed);
        CHECK_FALSE(device.next());
        CHECK(device.driver_events() == 1U << 16);  // RING_EVENT_FLAGS_DISABLE
        CHECK(device.device_events() == 0);
    }
    CHECK(unicore::test::taken_pages == 0);
}

TEST_CASE("a packed request is the device's when all of it is there, and an answer is looked at after its flags") {
    static World* world;
    static std::vector<std::size_t> seen;
    World here(Rings::packed);
    world = &here;
    seen.clear();
    unicore::arch::Barriers::test_passed = [] {
        seen.push_back(0);
        if (const auto request = world->device.next()) {
            seen.back() = request->to_write.size();
            world->device.finish(request->id, 7);
        }
    };
    const auto id = here.queue.add(std::array{Buffer::to_write(here.part(0)), Buffer::to_write(here.part(1))});
    CHECK(seen == std::vector<std::size_t>{0});  // at the barrier the device has nothing yet
    CHECK(here.queue.wants_notification());      // at this one it sees the request
    CHECK(seen == std::vector<std::size_t>{0, 2});
    CHECK(here.queue.take_used().value() == Queue::Used{*id, 7});
    CHECK(seen.size() == 3);
    unicore::arch::Barriers::test_passed = nullptr;
}

TEST_CASE("each side of a packed queue says whether it wants to be told") {
    World world(Rings::packed);
    CHECK(world.queue.await_used());
    CHECK(world.device.driver_events() == 0);
    world.queue.no_interrupts();
    CHECK(world.device.driver_events() == 1U << 16);
    CHECK_FALSE(world.queue.wants_notification());  // of nothing
    world.add_one(0);
    CHECK(world.queue.wants_notification());
    CHECK_FALSE(world.queue.wants_notification());  // twice
    world.add_one(1);
    world.device.device_events() = 1U << 16;
    CHECK_FALSE(world.queue.wants_notification());
    world.device.finish(world.device.next()->id, 0);
    CHECK_FALSE(world.queue.await_used());  // there is one
    CHECK(world.queue.take_used().value().has_value());
    CHECK(world.queue.await_used());
}

TEST_CASE("what no device may say breaks a packed queue") {
    World world(Rings::packed);
    const std::uint16_t id = world.add_one(0);
    const std::uint16_t other = world.add_one(1);
    SECTION("an answer to nothing") {
        world.device.finish(id, 0);
        world.device.finish(other, 0);
        CHECK(world.queue.take_used().value().has_value());
        CHECK(world.queue.take_used().value().has_value());
        world.device.finish(id, 0);
        CHECK(world.broken());
    }
    SECTION("a request that is none") {
        for (const std::uint32_t none : {0xffffU, 0x8000U, 8U}) {
            World each(Rings::packed);
            each.add_one(0);
            each.device.finish(none, 0);
            CHECK(each.broken());
        }
    }
    SECTION("one that the device has not") {
        world.device.finish(7, 0);
        CHECK(world.broken());
    }
    SECTION("one twice") {
        world.device.finish(id, 1);
        world.device.finish(id, 1);
        CHECK(world.queue.take_used().value() == Queue::Used{id, 1});
        CHECK(world.broken());
    }
    SECTION("more bytes than there was room for") {
        world.device.finish(other, 64);
        CHECK(world.queue.take_used().value() == Queue::Used{other, 64});
        world.device.finish(id, 65);
        CHECK(world.broken());
    }
    SECTION("bytes where it had only to read") {
        const auto read = world.queue.add(std::array{Buffer::to_read(world.part(2))});
        world.device.finish(*read, 1);
        CHECK(world.broken());
    }
    SECTION("half of the flags is nothing yet") {
        for (const std::uint16_t flags : {0x80, 0x8000}) {
            world.device.flags(0) = flags;
            CHECK_FALSE(world.queue.take_used().value());
        }
    }
}
