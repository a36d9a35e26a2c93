// SPDX-License-Identifier: BSD-3-Clause
#include "fake_function.hpp"

#include <unicore/bus/virtio.hpp>
#include <unicore/platform.hpp>

#include <catch2/catch.hpp>

#include <string>

namespace unicore::bus::virtio::pci {
Result<void> start() noexcept;
}

using namespace unicore::bus::virtio;
using unicore::Error;
using unicore::test::FakeFunction;
using unicore::test::FakePci;
using unicore::test::make_virtio;
using unicore::test::fakes;

namespace {

std::string messages;

struct Machine {
    Machine() {
        fakes = {};
        fakes.windows = {unicore::test::everything};
        messages.clear();
        if (transports::ways().empty()) REQUIRE(pci::start().has_value());
    }
};

}  // namespace

void unicore::platform::early_write(std::string_view text) noexcept { messages += text; }

TEST_CASE_METHOD(Machine, "a machine without the bus has no devices") {
    fakes.buses = unicore::unexpected(Error::not_found);
    CHECK(find(DeviceId::entropy).error() == Error::not_found);
    CHECK(messages.empty());
    fakes.buses = unicore::unexpected(Error::device_error);
    CHECK(find(DeviceId::entropy).error() == Error::not_found);
    CHECK(messages.find("no bus: device error") != messages.npos);
}

TEST_CASE_METHOD(Machine, "devices are found by their kind, behind bridges too") {
    CHECK(find(DeviceId::entropy).error() == Error::not_found);
    make_virtio(fakes[{0, 2, 0}], 0x1041);
    make_virtio(fakes[{0, 3, 0}], 0x1044);
    fakes[{0, 4, 0}].bridge_to(0, 1, 1);
    make_virtio(fakes[{1, 0, 0}], 0x1005, 0xfe10'0000);
    fakes[{1, 0, 0}].at(0x2c) = 0x0004'1af4;
    CHECK(find(DeviceId::entropy)->device_id() == DeviceId::entropy);
    CHECK_FALSE(find(DeviceId::entropy)->legacy());
    CHECK(fakes[{1, 0, 0}].at(4) == 0x10'0000);  // nobody asked for it
    CHECK(find(DeviceId::entropy, 1).has_value());
    CHECK(find(DeviceId::entropy, 2).error() == Error::not_found);
    CHECK(find(DeviceId::network).has_value());
    CHECK(find(DeviceId::block).error() == Error::not_found);
    CHECK(messages.empty());
}

TEST_CASE_METHOD(Machine, "what cannot be used is warned of and passed over") {
    fakes[{0, 2, 0}] = FakeFunction(0x1af4, 0x1005);  // of before virtio 1
    fakes[{0, 2, 0}].at(0x2c) = 0x0004'1af4;
    make_virtio(fakes[{0, 3, 0}], 0x1044);
    CHECK(find(DeviceId::entropy).has_value());
    CHECK(messages.find("bus.virtio.pci: function 0x10 is not used: unsupported") != messages.npos);
    CHECK(find(DeviceId::entropy, 1).error() == Error::not_found);
}

TEST_CASE_METHOD(Machine, "a device is taken through all of its states") {
    make_virtio(fakes[{0, 3, 0}], 0x1044);
    FakePci behind;
    const auto device = find(DeviceId::entropy).value();
    CHECK(negotiate(device, 4).value() == (feature_bits::version_1 | 4));
    CHECK(behind.accepted == (feature_bits::version_1 | 4));
    CHECK(behind.status == 11);
    std::array<Slot, 8> slots;
    const Queue queue = Queue::create(slots).value();
    CHECK(device.use(2, queue).error() == Error::unsupported);
    CHECK(device.queue_limit(1) == 256);
    const auto bell = device.use(1, queue);
    REQUIRE(bell.has_value());
    CHECK(behind.enabled == 1);
    CHECK(behind.queue_size == 8);
    CHECK(behind.layout.descriptors == queue.layout().descriptors);
    CHECK(behind.layout.available == queue.layout().available);
    CHECK(behind.layout.used == queue.layout().used);
    CHECK(device.use(1, queue).error() == Error::busy);
    CHECK(device.pci_function() == 0x18);
    go(device);
    CHECK(behind.status == 15);
    bell->ring();
    CHECK(behind.rung == std::vector<std::uint16_t>{1});
    behind.isr = 0xff;
    CHECK(device.take_interrupts() == 3);
    CHECK(device.take_interrupts() == 0);
    CHECK(device.config<std::uint16_t>(0).value() == 0x1234);
    CHECK(device.config<std::uint16_t>(0x1000).error() == Error::out_of_range);
}

TEST_CASE_METHOD(Machine, "a bell outside of its structure is an error, and the device gets no queue") {
    make_virtio(fakes[{0, 3, 0}], 0x1044);
    FakePci behind;
    behind.bell_offset = 1024;
    const auto device = find(DeviceId::entropy).value();
    REQUIRE(negotiate(device, 0).has_value());
    std::array<Slot, 8> slots;
    const Queue queue = Queue::create(slots).value();
    CHECK(device.use(1, queue).error() == Error::device_error);
    CHECK(behind.enabled == 0);
    CHECK(behind.layout.descriptors == 0);
    CHECK(device.use(0, queue).has_value());
}
