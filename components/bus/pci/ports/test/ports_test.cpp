// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/bus/pci/space.hpp>

#include <unicore/arch/ports.hpp>
#include <unicore/platform/interrupts.hpp>

#include <catch2/catch.hpp>

#include <map>

using namespace unicore::bus::pci;
namespace ports = unicore::arch::ports;

namespace {

std::uint32_t address;
std::map<std::uint32_t, std::uint32_t> registers;

/// Mechanism #1. [PCI Local Bus Specification 3.0, 3.2.2.3.2]
constexpr ports::Model host_bridge{
    [](std::uint16_t port, unsigned width) noexcept {
        REQUIRE(width == 32);
        if (port == 0xcf8) return address;
        REQUIRE(port == 0xcfc);
        const auto found = registers.find(address);
        return found == registers.end() ? UINT32_MAX : found->second;
    },
    [](std::uint16_t port, std::uint32_t value, unsigned width) noexcept {
        REQUIRE(width == 32);
        if (port == 0xcf8) address = value & 0x80ff'fffc;
        else if (port == 0xcfc) registers[address] = value;
        else FAIL("port " << port);
    }};

}  // namespace

TEST_CASE("where nothing is behind the ports there is no bus") {
    ports::model = ports::empty_bus;
    CHECK(space::open().error() == unicore::Error::not_found);
}

TEST_CASE("a function's registers are reached by its address") {
    ports::model = host_bridge;
    REQUIRE(space::open().has_value());
    CHECK(space::open()->first == 0);
    CHECK(space::open()->last == 255);
    registers = {{0x8000'0000, 0x1237'8086}, {0x80ff'fffc, 7}};
    CHECK(space::read({0, 0, 0}, 0) == 0x1237'8086);
    CHECK(space::read({0, 1, 0}, 0) == UINT32_MAX);
    CHECK(space::read({255, 31, 7}, 0xfc) == 7);
    space::write({1, 2, 3}, 0x10, 0x1234'5678);
    CHECK(registers.at(0x8001'1310) == 0x1234'5678);
    CHECK(space::read({1, 2, 3}, 0x10) == 0x1234'5678);
}

TEST_CASE("nobody gets between the address and the data") {
    static bool seen_unmasked = false;
    static constexpr ports::Model model{
        [](std::uint16_t port, unsigned width) noexcept {
            seen_unmasked |= !unicore::platform::Interrupts::masked();
            return host_bridge.read(port, width);
        },
        [](std::uint16_t port, std::uint32_t value, unsigned width) noexcept {
            seen_unmasked |= !unicore::platform::Interrupts::masked();
            host_bridge.write(port, value, width);
        }};
    ports::model = model;
    static_cast<void>(space::open());
    space::read({0, 0, 0}, 0);
    space::write({0, 0, 0}, 4, 0);
    CHECK_FALSE(seen_unmasked);
}

TEST_CASE("all addresses are the bus's, and none is free") {
    const auto window = space::window(0).value();
    CHECK(window.base == window.physical);
    CHECK_FALSE(window.free);
    CHECK_FALSE(space::window(1).has_value());
}
