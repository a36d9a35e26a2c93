// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/xen/bus/state.hpp>

#include <catch2/catch.hpp>

#include <string_view>

using namespace unicore::xen::bus;
using namespace std::string_view_literals;

TEST_CASE("a state is one digit, anything else is unknown") {
    CHECK(parse_state("0") == State::unknown);
    CHECK(parse_state("1") == State::initialising);
    CHECK(parse_state("4") == State::connected);
    CHECK(parse_state("8") == State::reconfigured);
    for (const std::string_view value : {""sv, "9"sv, "/"sv, ":"sv, "04"sv, "4 "sv, "-1"sv, "4\0"sv, "\0"sv, "\xff"sv, "44"sv})
        CHECK(parse_state(value) == State::unknown);
}

TEST_CASE("states follow each other forwards, to the end from everywhere, and from the end to a start") {
    using enum State;
    const auto follows = [](State from, std::initializer_list<State> allowed) {
        for (int i = 0; i <= 8; ++i) {
            const State to = static_cast<State>(i);
            INFO(static_cast<int>(from) << " to " << i);
            CHECK(may_follow(from, to) == (std::find(allowed.begin(), allowed.end(), to) != allowed.end()));
        }
    };
    follows(unknown, {initialising, init_wait, closing, closed});
    follows(initialising, {init_wait, initialised, connected, closing, closed});
    follows(init_wait, {initialised, connected, closing, closed});
    follows(initialised, {connected, closing, closed});
    follows(connected, {connected, closing, closed, reconfiguring, reconfigured});
    follows(closing, {closing, closed});
    follows(closed, {initialising, init_wait, closed});
    follows(reconfiguring, {connected, closing, closed, reconfiguring, reconfigured});
    follows(reconfigured, {connected, closing, closed, reconfiguring, reconfigured});
}
