// SPDX-License-Identifier: BSD-3-Clause
#include "../frame.hpp"

#include <catch2/catch.hpp>

using namespace unicore::debug::asan;

TEST_CASE("the variable that an address is in or beside") {
    const char* const description = "3 32 16 3 c:2 64 32 4 text 128 66 8 s t:1234";
    const auto name = [=](std::size_t offset) { return nearest(description, offset).name; };
    CHECK(name(0) == "c");
    CHECK(name(40) == "c");
    CHECK(name(48) == "c");
    CHECK(name(62) == "text");
    CHECK(name(64) == "text");
    CHECK(name(110) == "text");
    CHECK(name(127) == "s t");
    CHECK(name(5000) == "s t");
    const Variable last = nearest(description, 193);
    CHECK(last.start == 128);
    CHECK(last.size == 66);
}

TEST_CASE("a description that is none has no variable") {
    CHECK(nearest("", 5).size == 0);
    CHECK(nearest("3", 5).size == 0);
    CHECK(nearest("nonsense", 5).size == 0);
}
