// SPDX-License-Identifier: BSD-3-Clause
#include "../registers.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace unicore::console::pl011;

namespace {

/// A UART that has room again after so many looks.
struct Device {
    std::string sent;
    std::uint32_t control = 0;
    unsigned busy = 0, busy_each = 0;
    std::uint64_t looks = 0;

    struct Registers {
        Device* device;
        std::uint32_t read(Register which) const {
            if (which == Register::control) return device->control;
            REQUIRE(which == Register::flags);
            ++device->looks;
            if (device->busy == 0) return 0x90;
            --device->busy;
            return 0xb0;
        }
        void write(Register which, std::uint32_t value) const {
            if (which == Register::control) {
                device->control = value;
            } else {
                REQUIRE(which == Register::data);
                device->sent += static_cast<char>(value);
                device->busy = device->busy_each;
            }
        }
    };
    Uart<Registers> uart{Registers{this}};
};

}  // namespace

TEST_CASE("text goes out with CR LF, waiting for room") {
    Device device;
    device.control = 0x4000;
    device.busy_each = 7;
    device.uart.enable();
    CHECK(device.control == 0x4101);
    device.uart.write("a\nb");
    CHECK(device.sent == "a\r\nb");
}

TEST_CASE("a UART that takes nothing loses text, and costs one look from then on") {
    Device device;
    device.busy = ~0u;
    device.uart.write("lost");
    const std::uint64_t looks = device.looks;
    CHECK(device.sent.empty());
    CHECK(looks > 1000);
    device.uart.write("lost as well");
    CHECK(device.looks - looks <= 2);
    device.busy = 0;
    device.uart.write("here");
    CHECK(device.sent == "here");
}
