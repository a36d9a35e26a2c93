// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/console/received.hpp>

#include <catch2/catch.hpp>

#include <string>

TEST_CASE("characters come out as they went in") {
    unicore::console::Received<4> received;
    char out[8];
    CHECK(received.empty());
    CHECK(received.take(out) == 0);
    for (unsigned round = 0; round != 100; ++round) {
        for (const char character : {'a', 'b', 'c'}) received.put(character);
        CHECK(received.take(std::span(out, 1)) == 1);
        CHECK(out[0] == 'a');
        received.put('d');
        CHECK(!received.full());
        received.put('e');
        CHECK(received.full());
        REQUIRE(received.take(out) == 4);
        CHECK(std::string(out, 4) == "bcde");
        CHECK(received.empty());
    }
    CHECK(received.lost() == 0);
    received.lose();
    CHECK(received.lost() == 1);
}
