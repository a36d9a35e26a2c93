// SPDX-License-Identifier: BSD-3-Clause
#include "../exceptions.hpp"

#include <catch2/catch.hpp>

using unicore::arch::aarch64::Syndrome;

TEST_CASE("a syndrome tells what happened") {
    CHECK(Syndrome{0x9600'0045}.what() == Syndrome::Class::data_abort);
    CHECK(Syndrome{0x9600'0045}.write());
    CHECK_FALSE(Syndrome{0x9600'0005}.write());
    CHECK(Syndrome{0x8600'000f}.what() == Syndrome::Class::instruction_abort);
    CHECK(Syndrome{0x8600'000f}.has_address());
    CHECK(Syndrome{0xf200'0001}.what() == Syndrome::Class::breakpoint);
    CHECK_FALSE(Syndrome{0x0200'0000}.has_address());
}
