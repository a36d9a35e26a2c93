// SPDX-License-Identifier: BSD-3-Clause
#include "../../test/fakes.hpp"

#include <unicore/interrupts.hpp>

#include <catch2/catch.hpp>

#include <array>

using unicore::Error;
using unicore::interrupts::Line;
using unicore::test::machine;

namespace {

void count(void* context) noexcept { ++*static_cast<int*>(context); }

unicore::Result<Line> create(std::uint32_t number, int& counter) {
    return Line::create(std::array{number}, count, &counter);
}

}  // namespace

TEST_CASE("a line runs its handler, and its end is told") {
    machine();
    int first = 0, second = 0;
    auto five = create(5, first);
    REQUIRE(five.has_value());
    {
        const auto twelve = create(12, second);
        REQUIRE(twelve.has_value());
        CHECK(create(12, first).error() == Error::busy);
        machine().interrupt(5);
        machine().interrupt(12);
        machine().interrupt(12);
        CHECK(first == 1);
        CHECK(second == 2);
        CHECK(machine().master.in_service == 0);
        CHECK(machine().slave.in_service == 0);
    }
    machine().interrupt(12);  // masked
    machine().interrupt(5);
    CHECK(first == 2);
    CHECK(second == 2);
    CHECK(create(12, first).has_value());
    CHECK(machine().master.wrong.empty());
}

TEST_CASE("what is no line is refused") {
    int counter = 0;
    CHECK(create(16, counter).error() == Error::invalid_argument);
    CHECK(create(UINT32_MAX, counter).error() == Error::invalid_argument);
    CHECK(create(256 + 5, counter).error() == Error::invalid_argument);
    CHECK(create(2, counter).error() == Error::invalid_argument);  // the cascade
    CHECK(Line::create({}, count, &counter).error() == Error::invalid_argument);
    CHECK(Line::create(std::array<std::uint32_t, 2>{5, 0}, count, &counter).error() == Error::invalid_argument);
}
