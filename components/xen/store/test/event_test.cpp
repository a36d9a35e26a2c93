// SPDX-License-Identifier: BSD-3-Clause
#include "event.hpp"

#include <catch2/catch.hpp>

#include <string>

using unicore::xen::store::Event;

namespace {

struct Parsed {
    std::string path;
    std::uint32_t token;
    bool operator==(const Parsed&) const = default;
};

void add(Event& event, std::string_view bytes) {
    for (const char byte : bytes) event.add(byte);
}

Parsed parse(const std::string& payload) {
    Event event;
    add(event, "left over");
    event.clear();
    add(event, payload);
    return {std::string(event.path()), event.token()};
}

}  // namespace

TEST_CASE("events are understood") {
    CHECK(parse(std::string("device/state\0004294967295\0", 24)) == Parsed{"device/state", 4294967295});
}

TEST_CASE("events that make no sense are nobody's") {
    CHECK(parse("").token == 0);
    CHECK(parse("path").token == 0);
    CHECK(parse(std::string("path\0", 5)).token == 0);
    CHECK(parse(std::string("path\0001", 6)).token == 0);
    CHECK(parse(std::string("path\0001x\0", 8)).token == 0);
    CHECK(parse(std::string("path\0-1\0", 8)).token == 0);
    CHECK(parse(std::string("path\0001\0x", 8)).token == 0);
    CHECK(parse(std::string("path\0001\0\0", 8)).token == 0);
    CHECK(parse(std::string("path\0004294967296\0", 16)).token == 0);
    CHECK(parse(std::string("path\00099999999999999999999\0", 26)).token == 0);
    CHECK(parse(std::string(4096, '\0')).token == 0);
}

TEST_CASE("a long path is cut, its token is found all the same") {
    const Parsed parsed = parse(std::string(3000, 'x') + std::string("\00017\0", 4));
    CHECK(parsed == Parsed{std::string(255, 'x'), 17});
}
