// SPDX-License-Identifier: BSD-3-Clause
#include "../piix4.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <utility>
#include <vector>

using namespace unicore::power::malta;

namespace {

struct Machine {
    std::map<std::uint32_t, std::uint32_t> space;
    std::vector<std::pair<std::uint16_t, std::uint16_t>> ports;

    struct Board {
        Machine* machine;
        std::uint32_t read(std::uint32_t address) const {
            const auto found = machine->space.find(address);
            return found == machine->space.end() ? 0xffff'ffff : found->second;
        }
        void write(std::uint32_t address, std::uint32_t value) const { machine->space[address] = value; }
        void write_port(std::uint16_t port, std::uint16_t value) const { machine->ports.emplace_back(port, value); }
    };
    bool off() { return soft_off(Board{this}); }
};

constexpr std::uint32_t function = 0x8000'5300;

}  // namespace

TEST_CASE("a function's registers have addresses") {
    CHECK(configuration_address(10, 3, 0x40) == 0x8000'5340);
    CHECK(configuration_address(0, 0, 0) == 0x8000'0000);
}

TEST_CASE("a power manager without ports gets some, and is told to stop") {
    Machine machine{{{function, 0x7113'8086}, {function + 4, 0x0280'0000}, {function + 0x40, 1}, {function + 0x80, 0}}, {}};
    CHECK(machine.off());
    CHECK(machine.space[function + 0x40] == 0x1000);
    CHECK(machine.space[function + 4] == 0x0280'0001);
    CHECK(machine.space[function + 0x80] == 1);
    CHECK(machine.ports == std::vector<std::pair<std::uint16_t, std::uint16_t>>{{0x1004, 0x2000}});
}

TEST_CASE("a power manager with ports keeps them") {
    Machine machine{{{function, 0x7113'8086}, {function + 4, 1}, {function + 0x40, 0xb001}, {function + 0x80, 1}}, {}};
    CHECK(machine.off());
    CHECK(machine.space[function + 0x40] == 0xb001);
    CHECK(machine.ports == std::vector<std::pair<std::uint16_t, std::uint16_t>>{{0xb004, 0x2000}});
}

TEST_CASE("what is no power manager is left alone") {
    Machine machine{{{function, 0x7112'8086}, {function + 0x40, 1}}, {}};
    const auto before = machine.space;
    CHECK_FALSE(machine.off());
    CHECK(machine.space == before);
    CHECK(machine.ports.empty());
    CHECK_FALSE(Machine().off());
}
