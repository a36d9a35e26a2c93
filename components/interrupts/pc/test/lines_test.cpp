// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/interrupts/pc/lines.hpp>

#include "fakes.hpp"

#include <unicore/platform/interrupts.hpp>

#include <catch2/catch.hpp>

#include <optional>

using namespace unicore;
using namespace unicore::interrupts::pc;
using local_apic::Register;
using test::machine;

namespace {

int seen = 0;

template <std::uint8_t number>
void handle() noexcept {
    ++seen;
    end_of_interrupt(IsaLine{number});
}

}  // namespace

TEST_CASE("lines, from first to last") {
    // One test case: the component starts the controllers once.
    SECTION("what is no line is refused and starts nothing") {
        CHECK(Line::create(IsaLine{2}, handle<2>).error() == Error::invalid_argument);
        CHECK(Line::create(IsaLine{16}, handle<2>).error() == Error::invalid_argument);
        CHECK(Line::create(IsaLine{0xff}, handle<2>).error() == Error::invalid_argument);
    }
    SECTION("the first line sets the controllers up") {
        auto line = Line::create(IsaLine{4}, handle<4>);
        REQUIRE(line.has_value());
        CHECK(machine().master.vector == 32);
        CHECK(machine().master.connection == 1 << 2);
        CHECK(machine().master.mode == 1);
        CHECK(machine().slave.vector == 40);
        CHECK(machine().slave.connection == 2);
        CHECK(machine().slave.mode == 1);
        CHECK(machine().master.mask == 0b1110'1011);  // the line and the cascade
        CHECK(machine().slave.mask == 0xff);
        CHECK(machine().value_of(Register::lvt_lint0) == 0x700);
        CHECK_FALSE(platform::Interrupts::masked());
    }
    SECTION("interrupts reach the handler and end") {
        auto low = Line::create(IsaLine{3}, handle<3>);
        auto high = Line::create(IsaLine{12}, handle<12>);
        REQUIRE((low && high));
        seen = 0;
        for (int i = 0; i < 3; ++i) {
            machine().interrupt(3);
            machine().interrupt(12);
        }
        CHECK(seen == 6);
        CHECK(machine().master.in_service == 0);
        CHECK(machine().slave.in_service == 0);
    }
    SECTION("a line has one owner, and is masked when that has gone") {
        {
            auto line = Line::create(IsaLine{9}, handle<9>);
            REQUIRE(line.has_value());
            CHECK(Line::create(IsaLine{9}, handle<9>).error() == Error::busy);
            std::optional<Line> other(std::move(*line));  // the owner moves, the line stays
            CHECK(machine().slave.mask == 0b1111'1101);
            auto third = Line::create(IsaLine{10}, handle<10>);
            REQUIRE(third.has_value());
            CHECK(machine().slave.mask == 0b1111'1001);
        }
        CHECK(machine().slave.mask == 0xff);
        CHECK(machine().handlers[32 + 9] == nullptr);
        CHECK(Line::create(IsaLine{9}, handle<9>).has_value());
    }
    SECTION("an interrupt that went away is dropped") {
        auto line = Line::create(IsaLine{11}, handle<11>);
        REQUIRE(line.has_value());
        seen = 0;
        REQUIRE(machine().handlers[32 + 7] != nullptr);
        machine().handlers[32 + 7]();
        CHECK(machine().master.in_service == 0);
        machine().master.in_service = 1 << 2;  // the first 8259 took the second's for real
        REQUIRE(machine().handlers[32 + 15] != nullptr);
        machine().handlers[32 + 15]();
        CHECK(machine().master.in_service == 0);
        CHECK(seen == 0);
    }
    SECTION("so it is after a driver of that line has gone") {
        for (const std::uint8_t number : {7, 15}) {
            {
                REQUIRE(Line::create(IsaLine{number}, number == 7 ? handle<7> : handle<15>).has_value());
            }
            REQUIRE(machine().handlers[32u + number] != nullptr);
            machine().master.in_service = number == 15 ? 1 << 2 : 0;
            machine().handlers[32u + number]();
            CHECK(machine().master.in_service == 0);
        }
    }
    CHECK(machine().master.wrong == "");
    CHECK(machine().slave.wrong == "");
}
