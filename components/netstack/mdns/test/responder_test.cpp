// SPDX-License-Identifier: BSD-3-Clause
// How it begins. The tests of the responder are one story, in the order of CMakeLists.txt.
#include "talk.hpp"

#include <unicore/netstack/mdns.hpp>

using namespace unicore::netstack;
using namespace unicore::netstack::mdns;
using namespace unicore::netstack::mdns::talk;
using unicore::Error;

TEST_CASE("what cannot be a name or a service is refused") {
    for (const std::string& wrong : {std::string(), std::string("-a"), std::string("a-"), std::string("a.b"),
                                     std::string("a b"), std::string(64, 'a')})
        CHECK(set_name(wrong).error() == Error::invalid_argument);
    const std::string long_text(255, 'x'), longer_text(256, 'x');
    const std::string_view too_long[] = {long_text}, too_long_alone[] = {longer_text};
    for (const Service& wrong : {
             Service{"_http", 80},
             Service{"http._tcp", 80},
             Service{"_http._sctp", 80},
             Service{"_http._tcp.local", 80},
             Service{"_._tcp", 80},
             Service{"_1234._tcp", 80},
             Service{"_a--b._tcp", 80},
             Service{"_-a._tcp", 80},
             Service{"_abcdefghijklmnop._tcp", 80},
             Service{"_http._tcp", 0},
             Service{"_http._tcp", 80, std::string_view(longer_text).substr(0, 64)},
             Service{"_http._tcp", 80, {}, too_long},
             Service{"_http._tcp", 80, {}, too_long_alone},
         })
        CHECK(announce(wrong).error() == Error::invalid_argument);
}

TEST_CASE("names are asked for three times, and told of twice") {
    World& world = World::get();
    pass(5s);
    test::introduce(world.near);
    world.near.drain();
    REQUIRE(set_name("oven"));
    REQUIRE(mdns::start());
    static constexpr std::string_view text[] = {"path=/", "x"};
    REQUIRE(announce({.type = "_http._tcp", .port = 80, .instance = {}, .text = text}));
    std::array<unicore::time::Instant, 5> when;
    for (int i = 0; i != 3; ++i) {
        const auto message = next();
        REQUIRE(message);
        when[static_cast<std::size_t>(i)] = message->when;
        CHECK(message->header.flags == 0);
        CHECK(message->to == group);
        CHECK(message->questions == Texts{"255 oven.local. QU", "255 oven._http._tcp.local. QU"});
        CHECK(has(message->authorities, "A oven.local. 10 0a000001"));
        CHECK(has(message->authorities, "AAAA oven.local. 10 fd000000000000000000000000000001"));
        CHECK(has(message->authorities, "SRV oven._http._tcp.local. 10 80 oven.local."));
    }
    for (int i = 3; i != 5; ++i) {
        const auto message = next();
        REQUIRE(message);
        when[static_cast<std::size_t>(i)] = message->when;
        CHECK(message->header.flags == (response_flag | authoritative_flag));
        CHECK(message->to == group);
        CHECK(message->port == mdns_port);
        CHECK(has(message->answers, oven_address));
        CHECK(has(message->answers, "AAAA oven.local. flush 120 fd000000000000000000000000000001"));
        CHECK(has(message->answers, "PTR _services._dns-sd._udp.local. 4500 _http._tcp.local."));
        CHECK(has(message->answers, "PTR _http._tcp.local. 4500 oven._http._tcp.local."));
        CHECK(has(message->answers, "SRV oven._http._tcp.local. flush 120 80 oven.local."));
        CHECK(has(message->answers, "TXT oven._http._tcp.local. flush 4500 06706174683d2f0178"));
    }
    for (std::size_t i = 0; i != 4; ++i)
        CHECK(when[i + 1] - when[i] >= (i == 3 ? 1000ms : 250ms) - 2ms);  // it is looked at each millisecond
    CHECK_FALSE(next(5s));
    std::array<char, 63> room;
    CHECK(mdns::name(room) == "oven");
}
