// SPDX-License-Identifier: BSD-3-Clause
#include "../protocol.hpp"

#include <catch2/catch.hpp>

#include <random>
#include <string>
#include <vector>

using namespace iperf;

TEST_CASE("what a client asks for") {
    // As iperf 3.12 writes it, a test in both directions with four streams.
    const auto parameters = parse_parameters(
        R"({"tcp":true,"omit":1,"time":10,"num":0,"blockcount":0,"parallel":4,"bidirectional":true,"len":131072,)"
        R"("pacing_timer":1000,"client_version":"3.12","list":[1,{"parallel":9}],"s":"a\"}"} )");
    REQUIRE(parameters);
    CHECK(parameters->parallel == 4);
    CHECK(parameters->bidirectional);
    CHECK_FALSE(parameters->reverse);
    CHECK_FALSE(parameters->udp);
    CHECK(parameters->omit == 1);
    CHECK(parse_parameters("{}")->parallel == 1);
    const auto datagrams = parse_parameters(R"({"udp":true,"len":1448,"bandwidth":25000000000,"udp_counters_64bit":1})");
    REQUIRE(datagrams);
    CHECK(datagrams->udp);
    CHECK(datagrams->length == 1448);
    CHECK(datagrams->bandwidth == 25'000'000'000);
    CHECK(datagrams->wide_numbers);
    CHECK(parse_parameters(R"( { "reverse" : true , "udp" : true } )")->reverse);
}

TEST_CASE("what cannot be is refused") {
    for (const char* text : {"", "{", "}", "[]", "{]", R"({"parallel":0})", R"({"parallel":17})", R"({"parallel":-1})",
                             R"({"parallel":1.5})", R"({"parallel":99999999999999999999})", R"({"parallel"})", R"({"parallel":})",
                             R"({"udp":2})", R"({"a":1,})", R"({"a":1}})", R"({"a":1} x)", R"({"a":"})", R"({"a":[1)",
                             R"({"a":}})", R"({a:1})", R"({"omit":61})", R"({"len":0})", R"({"bandwidth":10000000000001})", R"({"a":"\)"})
        CHECK_FALSE(parse_parameters(text));
}

TEST_CASE("anything may come") {
    std::mt19937 random(20261127);
    const std::string good = R"({"tcp":true,"parallel":4,"list":[1,{"x":"\""}],"reverse":false})";
    unsigned parsed = 0;
    for (unsigned round = 0; round != 50000; ++round) {
        std::string text = good;
        for (unsigned left = 1 + random() % 4; left != 0; --left) {
            const std::size_t place = random() % text.size();
            if (random() % 3 == 0) text.erase(place, 1 + random() % 5);
            else text[place] = R"({}[]",:\1a )"[random() % 11];
            if (text.empty()) text = "{";
        }
        const std::vector<char> exact(text.begin(), text.end());  // with nothing behind it
        if (const auto parameters = parse_parameters({exact.data(), exact.size()})) {
            ++parsed;
            REQUIRE(parameters->parallel >= 1);
            REQUIRE(parameters->parallel <= 16);
        }
    }
    CHECK(parsed > 1000);
}

TEST_CASE("the server's results") {
    std::vector<char> room(400);
    const Counted streams[] = {{.bytes = 5}, {.bytes = 18446744073709551615U}, {.bytes = 7, .packets = 9, .lost = 2, .jitter = 1000321}};
    const std::string_view one = write_results(room, std::span(streams).first(1), 10050);
    CHECK(one == R"({"cpu_util_total":0,"cpu_util_user":0,"cpu_util_system":0,"sender_has_retransmits":0,"streams":[)"
                 R"({"id":1,"bytes":5,"retransmits":-1,"jitter":0.000000,"errors":0,"packets":0,"start_time":0,"end_time":10.050}]})");
    CHECK(write_results(room, streams, 1).empty());  // no room
    room.resize(4000);
    const std::string all(write_results(room, streams, 1));
    CHECK(all.find(R"({"id":3,"bytes":18446744073709551615,)") != std::string::npos);
    CHECK(all.find(R"({"id":4,"bytes":7,"retransmits":-1,"jitter":1.000321,"errors":2,"packets":9,)") != std::string::npos);
}
