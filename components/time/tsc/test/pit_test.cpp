// SPDX-License-Identifier: BSD-3-Clause
#include "../pit.hpp"
#include "pc.hpp"

#include <catch2/catch.hpp>

using unicore::test::pc;
using unicore::test::Pc;
namespace pit = unicore::time::tsc::pit;

TEST_CASE("the stop-watch counts ticks since its start") {
    pc().port_time = 0;
    for (const std::uint64_t ticks :
         {1u, 2u, 255u, 256u, 257u, 1193u, 11931u, 32767u, 32768u, 65279u, 65280u, 65535u}) {
        pit::load();
        pit::start();
        pc().now += (ticks * Pc::second + pit::hertz / 2) / pit::hertz + Pc::nanosecond;
        CHECK(pit::elapsed() == ticks);
    }
}

TEST_CASE("the stop-watch starts from nothing") {
    pc().port_time = 0;
    pit::load();
    pit::start();
    CHECK(pit::elapsed() == 0);
}

TEST_CASE("the stop-watch says when it ran too long, however long") {
    pc().port_time = 0;
    for (const std::uint64_t ticks : {65536u, 65537u, 100'000u, 131'072u, 131'073u, 1'000'000u}) {
        pit::load();
        pit::start();
        pc().now += ticks * Pc::second / pit::hertz + Pc::nanosecond;
        CHECK(pit::elapsed() == pit::overrun);
    }
}

TEST_CASE("without an 8254 it ran too long") {
    pc().has_pit = false;
    pit::load();
    pit::start();
    CHECK(pit::elapsed() == pit::overrun);
    pc().wrong.clear();
}
