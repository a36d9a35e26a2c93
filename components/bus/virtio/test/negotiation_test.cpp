// SPDX-License-Identifier: BSD-3-Clause
#include "fake_device.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace unicore::bus::virtio;
using unicore::Error;
using unicore::test::FakeDevice;
using Statuses = std::vector<std::uint32_t>;

TEST_CASE("a device of virtio 1 is taken through all of its states") {
    FakeDevice device;
    const auto transport = device.transport();
    CHECK(transport.device_id() == DeviceId::entropy);
    CHECK_FALSE(transport.legacy());
    CHECK(negotiate(transport, 0x105).value() == (feature_bits::version_1 | 0x5));
    CHECK(device.accepted == (feature_bits::version_1 | 0x5));
    CHECK(device.statuses == Statuses{0, 1, 3, 11});
    std::array<Slot, 4> slots;
    const Queue queue = Queue::create(slots).value();
    REQUIRE(transport.use(0, queue).has_value());
    CHECK(device.has_queue());
    CHECK(transport.use(0, queue).error() == Error::busy);
    go(transport);
    CHECK(device.status == 15);
}

TEST_CASE("a legacy device knows no FEATURES_OK, and no feature from bit 32 on") {
    FakeDevice device;
    device.legacy = true;
    const auto transport = device.transport();
    CHECK(transport.legacy());
    CHECK(negotiate(transport, feature_bits::version_1 | 0x6).value() == 0x6);
    CHECK(device.accepted == 0x6);
    CHECK(device.statuses == Statuses{0, 1, 3});
    std::array<Slot, 8> slots;
    const Queue queue = Queue::create(slots).value();
    REQUIRE(transport.use(0, queue).has_value());
    CHECK(transport.use(0, queue).error() == Error::busy);
    CHECK(device.queue().used_ring().data() == reinterpret_cast<std::byte*>(queue.layout().used));
    unicore::test::out_of_reach = true;
    const Queue far = Queue::create(slots).value();
    unicore::test::out_of_reach = false;
    device.queues.clear();
    CHECK(transport.use(0, far).error() == Error::unsupported);
    REQUIRE(transport.use(0, queue).has_value());
    go(transport);
    CHECK(device.status == 7);
}

TEST_CASE("a device that cannot be agreed with is an error") {
    FakeDevice device;
    SECTION("it offers no virtio 1") {
        device.offers = 0x7;
        CHECK(negotiate(device.transport(), 0).error() == Error::unsupported);
    }
    SECTION("it wants more than was accepted") {
        device.agrees = false;
        CHECK(negotiate(device.transport(), 0).error() == Error::unsupported);
    }
    SECTION("it does not reset") {
        device.resets = false;
        device.status = 7;
        CHECK(negotiate(device.transport(), 0).error() == Error::device_error);
    }
    give_up(device.transport());
    CHECK(device.status == 0x83);
}

TEST_CASE("a queue that the device has not, or not as large, is unsupported") {
    FakeDevice device;
    const auto transport = device.transport();
    REQUIRE(negotiate(transport, 0).has_value());
    std::array<Slot, 8> slots;
    const Queue queue = Queue::create(slots).value();
    CHECK(transport.queue_limit(0) == 8);
    CHECK(transport.use(1, queue).error() == Error::unsupported);
    device.limit = 7;
    CHECK(transport.use(0, queue).error() == Error::unsupported);
    CHECK_FALSE(device.has_queue());
}

TEST_CASE("a device that names no place for the bell gets no queue") {
    FakeDevice device;
    const auto transport = device.transport();
    REQUIRE(negotiate(transport, 0).has_value());
    std::array<Slot, 8> slots;
    const Queue queue = Queue::create(slots).value();
    device.has_bells = false;
    CHECK(transport.use(0, queue).error() == Error::device_error);
    CHECK_FALSE(device.has_queue());
}

TEST_CASE("a queue's interrupt is a message where the device sends them") {
    FakeDevice device;
    const auto transport = device.transport();
    REQUIRE(negotiate(transport, 0).has_value());
    std::array<Slot, 8> slots;
    const Queue queue = Queue::create(slots).value();
    CHECK(transport.use(0, queue, std::uint16_t{0}).error() == Error::unsupported);
    CHECK(transport.send_on_change(1).error() == Error::unsupported);
    CHECK_FALSE(device.has_queue());
    device.takes_messages = true;
    CHECK(transport.use(0, queue, std::uint16_t{2}).has_value());
    CHECK(transport.send_on_change(1).has_value());
    CHECK(device.queue_messages == std::map<std::uint16_t, std::uint16_t>{{0, 2}});
    CHECK(device.messages == std::map<Register, std::uint16_t>{{Register::config_vector, 1}});
}

TEST_CASE("registers that read as anything end in an error or in success, not in a hang") {
    std::mt19937 random(4242);
    const std::array registers{Register::device_features, Register::queue_num_max, Register::queue_ready,
                               Register::queue_pfn, Register::status};
    for (int round = 0; round < 2000; ++round) {
        FakeDevice device;
        device.legacy = random() % 2 == 0;
        for (const Register which : registers)
            if (random() % 3 == 0 && (which != Register::status || round % 500 == 0)) device.lies[which] = random();
        const auto transport = device.transport();
        if (!negotiate(transport, random())) continue;
        std::array<Slot, 4> slots;
        const Queue queue = Queue::create(slots).value();
        if (transport.use(0, queue)) go(transport);
    }
    CHECK(unicore::test::taken_pages == 0);
}
