// SPDX-License-Identifier: BSD-3-Clause
#include "../exceptions.hpp"

#include <catch2/catch.hpp>

using unicore::arch::arm::FaultStatus;

TEST_CASE("a fault status tells what happened") {
    CHECK(FaultStatus{0xa0f}.write());           // a write, permission fault at level 3, long descriptors
    CHECK_FALSE(FaultStatus{0x207}.write());     // a read, translation fault at level 3
    CHECK(FaultStatus{0x207}.has_address());
    CHECK_FALSE(FaultStatus{0x211}.has_address());
    CHECK_FALSE(FaultStatus{0x222}.has_address());
}
