// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/bus/virtio.hpp>

#include <catch2/catch.hpp>

#include <vector>

using namespace unicore::bus::virtio;
using unicore::Error;

namespace {

/// Devices by where their registers would be, and what is said when none is left.
class FakeWay final : public transports::Way {
public:
    unicore::Result<transports::Found> find(DeviceId id, unsigned& passed_over) noexcept override {
        for (const transports::Found& device : devices)
            if (device.id == id && passed_over-- == 0) return device;
        return unicore::unexpected(otherwise);
    }

    std::vector<transports::Found> devices;
    Error otherwise = Error::not_found;
};

}  // namespace

TEST_CASE("devices are found whatever way leads to them, one after the other") {
    static FakeWay first, second;
    CHECK(find(DeviceId::entropy).error() == Error::not_found);
    transports::add(first);
    transports::add(second);
    CHECK(find(DeviceId::entropy).error() == Error::not_found);

    const auto registers = Registers::mmio(0x1000, 0);
    first.devices = {{registers, DeviceId::network, false}, {registers, DeviceId::entropy, true}};
    second.devices = {{registers, DeviceId::entropy, false}, {registers, DeviceId::block, false}};
    CHECK(find(DeviceId::entropy)->legacy());
    CHECK(find(DeviceId::entropy)->device_id() == DeviceId::entropy);
    CHECK_FALSE(find(DeviceId::entropy, 1)->legacy());
    CHECK(find(DeviceId::entropy, 2).error() == Error::not_found);
    CHECK(find(DeviceId::block).has_value());
    CHECK(find(DeviceId::network, 1).error() == Error::not_found);

    first.otherwise = Error::out_of_memory;  // which is in nobody's way
    CHECK(find(DeviceId::block).has_value());
    CHECK(find(DeviceId::block, 1).error() == Error::out_of_memory);
}
