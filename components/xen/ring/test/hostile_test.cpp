// SPDX-License-Identifier: BSD-3-Clause
// What the other domain may write into the shared memory, and at which moments.
#include "two_ends.hpp"

#include <catch2/catch.hpp>

#include <cstring>
#include <random>

using namespace unicore;
using namespace unicore::test;

namespace {

/// Whether an end is broken, and stays it whatever the indices are later.
template <typename End, typename Out, typename In>
void check_broken(TwoEnds& ends, End& end, Out out, In in) {
    CHECK(end.broken());
    ends.header().requests = ends.header().responses = {};
    CHECK(end.take(in).error() == Error::device_error);
    CHECK(end.put(out).error() == Error::device_error);
    CHECK(end.more().error() == Error::device_error);
    CHECK_FALSE(end.publish());
    CHECK(ends.header().requests.producer == 0);
    CHECK(ends.header().responses.producer == 0);
}

}  // namespace

TEST_CASE("a front-end that asks for more than there are places breaks the ring") {
    for (const std::uint32_t beyond : {33u, 34u, 1000u, 0x7fffffffu, 0x80000000u, 0xffffffffu}) {
        TwoEnds ends;
        Request request{};
        ends.header().requests.producer = beyond;
        CHECK(ends.back.take(request).error() == Error::device_error);
        check_broken(ends, ends.back, Response{}, request);
    }
    TwoEnds ends;
    Request request{};
    ends.header().requests.producer = 32;
    CHECK(ends.back.take(request) == true);
}

TEST_CASE("a front-end that reuses places before it can know of the responses breaks the ring") {
    TwoEnds ends;
    Request request{};
    ends.header().requests.producer = 32;
    for (int i = 0; i < 32; ++i) {
        REQUIRE(ends.back.take(request) == true);
        REQUIRE(ends.back.put(Response{}).has_value());
    }
    ends.header().requests.producer = 33;  // the responses are not published
    CHECK(ends.back.take(request).error() == Error::device_error);
}

TEST_CASE("a front-end that takes requests back breaks the ring") {
    TwoEnds ends;
    Request request{};
    ends.header().requests.producer = 4;
    for (int i = 0; i < 4; ++i) REQUIRE(ends.back.take(request) == true);
    ends.header().requests.producer = 3;
    CHECK(ends.back.more().error() == Error::device_error);
    check_broken(ends, ends.back, Response{}, request);
}

TEST_CASE("a back-end that answers more than was asked breaks the ring") {
    for (const std::uint32_t beyond : {3u, 33u, 0x80000000u, 0xffffffffu}) {
        TwoEnds ends;
        Response response{};
        for (int i = 0; i < 2; ++i) REQUIRE(ends.front.put(Request{}).has_value());
        REQUIRE(ends.front.publish());
        REQUIRE(ends.front.put(Request{}).has_value());  // not published: nobody can answer it
        ends.header().responses.producer = beyond;
        CHECK(ends.front.take(response).error() == Error::device_error);
        check_broken(ends, ends.front, Request{}, response);
    }
}

TEST_CASE("an end does not read its own indices back") {
    TwoEnds ends;
    Request request{};
    Response response{};
    REQUIRE(ends.front.put(Request{1, 1}).has_value());
    REQUIRE(ends.front.publish());
    ends.header().requests.producer = 0x12345678;  // the back-end overwrites what is the front-end's
    REQUIRE(ends.front.put(Request{2, 2}).has_value());
    static_cast<void>(ends.front.publish());
    CHECK(ends.header().requests.producer == 2);
    REQUIRE(ends.back.take(request) == true);
    CHECK(request.id == 1);
    REQUIRE(ends.back.put(Response{1, 1}).has_value());
    REQUIRE(ends.back.publish());
    ends.header().responses.producer = 1;
    ends.header().requests.event = 0xdeadbeef;
    CHECK(ends.front.take(response) == true);
    CHECK(ends.front.take(response) == false);
}

TEST_CASE("what was taken does not change when the other end writes to it later") {
    TwoEnds ends;
    REQUIRE(ends.front.put(Request{1, 11}).has_value());
    REQUIRE(ends.front.publish());
    Request request{};
    REQUIRE(ends.back.take(request) == true);
    std::memset(ends.memory.get() + sizeof(ring::Header), 0xff, ends.size - sizeof(ring::Header));
    CHECK(request.id == 1);
    CHECK(request.value == 11);
}

TEST_CASE("the work of one look is bounded, whatever the indices do") {
    std::mt19937 random(20260729);
    for (int round = 0; round < 2000; ++round) {
        TwoEnds ends(1, static_cast<std::uint32_t>(random()));
        Request request{};
        Response response{};
        unsigned taken = 0;
        unsigned asked = 0;
        for (int step = 0; step < 200; ++step) {
            // Mostly plausible, sometimes anything.
            auto& header = ends.header();
            std::uint32_t* const field[] = {&header.requests.producer, &header.requests.event,
                                            &header.responses.producer, &header.responses.event};
            std::uint32_t& chosen = *field[random() % 4];
            chosen = random() % 8 == 0 ? static_cast<std::uint32_t>(random()) : chosen + static_cast<std::uint32_t>(random() % 3);
            switch (random() % 6) {
                case 0: asked += ends.front.put(Request{}).has_value(); break;
                case 1: static_cast<void>(ends.front.publish()); break;
                case 2: static_cast<void>(ends.back.put(Response{})); break;
                case 3: static_cast<void>(ends.back.publish()); break;
                case 4:
                    for (unsigned count = 0; ends.back.take(request) == true; ++count) REQUIRE(count < ends.back.size());
                    static_cast<void>(ends.back.more());
                    break;
                default:
                    while (ends.front.take(response) == true) ++taken;
                    static_cast<void>(ends.front.more());
            }
            REQUIRE(taken <= asked);
            REQUIRE(ends.front.free() <= ends.front.size());
            REQUIRE(ends.back.outstanding() <= ends.back.size());
            REQUIRE(ends.back.free() == ends.back.outstanding());
        }
    }
}
