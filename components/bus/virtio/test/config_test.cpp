// SPDX-License-Identifier: BSD-3-Clause
#include "fake_device.hpp"

#include <catch2/catch.hpp>

using unicore::Error;
using unicore::test::FakeDevice;
using Address = std::array<std::uint8_t, 6>;

TEST_CASE("fields are read in their own width, and nothing past the end") {
    for (const bool legacy : {false, true}) {
        FakeDevice device;
        device.legacy = legacy;
        device.config = {0x52, 0x54, 0, 0x12, 0x34, 0x56, 1, 0, 8, 7, 6, 5, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8};
        const auto transport = device.transport();
        CHECK(transport.config<Address>(0).value() == Address{0x52, 0x54, 0, 0x12, 0x34, 0x56});
        CHECK(transport.config<std::uint16_t>(6).value() == 1);
        CHECK(transport.config<std::uint8_t>(9).value() == 7);
        CHECK(transport.config<std::uint32_t>(8).value() == 0x0506'0708);
        CHECK(transport.config<std::uint64_t>(16).value() == 0x0807'0605'0403'0201);
        CHECK(transport.config<std::uint32_t>(20).has_value());
        CHECK(transport.config<std::uint64_t>(20).error() == Error::out_of_range);
        CHECK(transport.config<std::uint8_t>(24).error() == Error::out_of_range);
        CHECK(transport.config<std::uint32_t>(0xffff'fffc).error() == Error::out_of_range);
        device.config.clear();
        CHECK(transport.config<std::uint8_t>(0).error() == Error::out_of_range);
    }
}

TEST_CASE("what changes while it is read is read again") {
    FakeDevice device;
    SECTION("generations tell") { device.legacy = false; }
    SECTION("or the same twice") { device.legacy = true; }
    device.config = {1, 1, 1, 1, 1, 1, 1, 1};
    unsigned looks = 0;
    device.config_read = [&] {
        if (++looks % 3 != 1 || looks > 20) return;
        for (auto& byte : device.config) ++byte;
        ++device.generation;
    };
    const auto transport = device.transport();
    const std::uint64_t number = transport.config<std::uint64_t>(0).value();
    CHECK(number == 0x0101'0101'0101'0101 * device.config[0]);
    CHECK(device.config[0] > 2);
    looks = 0;
    CHECK(transport.config<Address>(1).value() == Address{device.config[0], device.config[0], device.config[0],
                                                          device.config[0], device.config[0], device.config[0]});
}

TEST_CASE("what does not stop changing is an error") {
    FakeDevice device;
    SECTION("generations tell") { device.legacy = false; }
    SECTION("or the same twice") { device.legacy = true; }
    device.config = {1, 1, 1, 1, 1, 1, 1, 1};
    device.config_read = [&] {
        for (auto& byte : device.config) ++byte;
        ++device.generation;
    };
    CHECK(device.transport().config<std::uint64_t>(0).error() == Error::device_error);
    CHECK(device.transport().config<Address>(0).error() == Error::device_error);
    CHECK(device.transport().config<std::uint16_t>(0).has_value());
}
