// SPDX-License-Identifier: BSD-3-Clause
#include "../setting.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace unicore::net;
using namespace unicore::net::tap;
using namespace std::string_view_literals;
using unicore::Error;

namespace {

std::vector<std::string> items(std::string_view list) {
    std::vector<std::string> all;
    for (Items items(list); const auto item = items.next();) all.emplace_back(*item);
    return all;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("a list is taken apart at its commas") {
    CHECK(items("a") == Texts{"a"});
    CHECK(items("a,bc,d") == Texts{"a", "bc", "d"});
    CHECK(items("") == Texts{""});
    CHECK(items("a,") == Texts{"a", ""});
    CHECK(items(",") == Texts{"", ""});
}

TEST_CASE("a place is an interface's name or a socket's path") {
    for (const char* const name : {"tap0", "t", "fifteen-letters", "br0.100", "unix"}) {
        const auto place = parse_place(name);
        REQUIRE(place.has_value());
        CHECK_FALSE(place->socket);
        CHECK(place->name == name);
    }
    for (const std::string& path : {std::string("/tmp/socket"), std::string("socket"), std::string(107, 'x')}) {
        const std::string text = "unix:" + path;
        const auto place = parse_place(text);
        REQUIRE(place.has_value());
        CHECK(place->socket);
        CHECK(place->name == path);
    }
    const std::string too_long = "unix:" + std::string(108, 'x');
    for (const std::string_view text : {""sv, "sixteen-letters-"sv, "a/b"sv, "a b"sv, "a\n"sv, "a:0"sv, "."sv, ".."sv,
                                        "unix:"sv, std::string_view(too_long)})
        CHECK(parse_place(text).error() == Error::invalid_argument);
}
