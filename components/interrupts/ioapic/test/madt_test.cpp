// SPDX-License-Identifier: BSD-3-Clause
#include "../madt.hpp"
#include "tables.hpp"

#include <catch2/catch.hpp>

using namespace unicore;
using interrupts::ioapic::find_input;
using test::Madt;

TEST_CASE("a line is the interrupt of its number") {
    const Madt table = Madt().controller(0xfec0'0000, 0);
    const auto found = find_input(table.bytes, 4);
    REQUIRE(found.has_value());
    CHECK(found->controller == 0xfec0'0000);
    CHECK(found->number == 4);
    CHECK_FALSE(found->active_low);
    CHECK_FALSE(found->level_triggered);
}

TEST_CASE("unless an override says otherwise") {
    const Madt table = Madt().source(0, 2, 0).controller(0xfec0'0000, 0).source(9, 20, 0xf).source(5, 5, 0x5);
    CHECK(find_input(table.bytes, 0)->number == 2);
    const auto low = find_input(table.bytes, 9);
    CHECK(low->number == 20);
    CHECK(low->active_low);
    CHECK(low->level_triggered);
    const auto high = find_input(table.bytes, 5);
    CHECK_FALSE(high->active_low);
    CHECK_FALSE(high->level_triggered);
}

TEST_CASE("of several controllers, the one that has it, in any order") {
    for (const bool turned : {false, true}) {
        Madt table;
        if (turned) table.controller(0xfec1'0000, 24).controller(0xfec0'0000, 0);
        else table.controller(0xfec0'0000, 0).controller(0xfec1'0000, 24);
        table.source(3, 30, 0);
        CHECK(find_input(table.bytes, 3)->controller == 0xfec1'0000);
        CHECK(find_input(table.bytes, 3)->number == 6);
        CHECK(find_input(table.bytes, 4)->controller == 0xfec0'0000);
    }
}

TEST_CASE("broken tables have no controllers") {
    CHECK(find_input({}, 1).error() == Error::not_found);
    CHECK_FALSE(find_input(Madt().bytes, 1));
    CHECK_FALSE(find_input(Madt().controller(0, 0).bytes, 1));
    CHECK_FALSE(find_input(Madt().controller(0xfec0'0000, 2).bytes, 1));
    Madt cut = Madt().controller(0xfec0'0000, 0);
    cut.bytes.pop_back();
    CHECK_FALSE(find_input(cut.bytes, 1));
    Madt endless;
    endless.bytes.resize(endless.bytes.size() + 4);  // an entry of length 0
    CHECK_FALSE(find_input(endless.controller(0xfec0'0000, 0).bytes, 1));
}
