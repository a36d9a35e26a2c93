// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/interrupts/isa.hpp>

#include "../machine.hpp"
#include "tables.hpp"

#include <catch2/catch.hpp>

#include <map>

using namespace unicore;
namespace isa = interrupts::isa;

namespace {

constexpr std::uint32_t base = 0xfec0'0000;
test::Madt table;
std::map<std::uint8_t, std::uint32_t> registers;
bool accessible = true;

void reset() {
    table = test::Madt().controller(base, 0).source(0, 2, 0).source(9, 9, 0xf);
    registers = {{0x01, 23 << 16 | 0x11}};
    accessible = true;
}

}  // namespace

namespace unicore::interrupts::ioapic {

std::span<const std::byte> madt() noexcept { return table.bytes; }
Result<void> open(std::uint32_t controller) noexcept {
    CHECK(controller == base);
    if (!accessible) return unexpected(Error::out_of_memory);
    return {};
}
std::uint32_t read(std::uint32_t, std::uint8_t index) noexcept { return registers[index]; }
void write(std::uint32_t, std::uint8_t index, std::uint32_t value) noexcept { registers[index] = value; }

}  // namespace unicore::interrupts::ioapic

TEST_CASE("every line has an entry, masked, for the CPU that was named") {
    reset();
    REQUIRE(isa::start(32, 5).value() == isa::Delivery::message);
    CHECK(registers[0x10 + 2 * 2] == (0x1'0000 | 32));  // IRQ0 by its override
    CHECK(registers[0x11 + 2 * 2] == 5u << 24);
    CHECK(registers[0x10 + 2 * 4] == (0x1'0000 | 36));
    CHECK(registers[0x10 + 2 * 9] == (0x1'a000 | 41));  // level triggered, active low
    CHECK_FALSE(registers.contains(0x10));                    // nobody's
    CHECK_FALSE(registers.contains(0x10 + 2 * 16));
}

TEST_CASE("lines are unmasked and masked again") {
    reset();
    REQUIRE(isa::start(32, 0));
    isa::unmask(4);
    CHECK(registers[0x10 + 2 * 4] == 36);
    isa::mask(4);
    CHECK(registers[0x10 + 2 * 4] == (0x1'0000 | 36));
}

TEST_CASE("what the machine does not have is an error") {
    reset();
    registers[0x01] = 3 << 16;  // four inputs
    CHECK(isa::start(32, 0).error() == Error::not_found);
    reset();
    table = {};
    CHECK(isa::start(32, 0).error() == Error::not_found);
    reset();
    accessible = false;
    CHECK(isa::start(32, 0).error() == Error::out_of_memory);
}
