// SPDX-License-Identifier: BSD-3-Clause
#include "two_ends.hpp"

#include <unicore/arch/barriers.hpp>

#include <catch2/catch.hpp>

#include <utility>

using namespace unicore;
using namespace unicore::test;

TEST_CASE("a request goes over and its response comes back") {
    TwoEnds ends;
    REQUIRE(ends.front.size() == 32);  // (4096 - 64) / 80, rounded down to a power of two
    CHECK(ends.front.free() == 32);
    CHECK(ends.back.free() == 0);

    REQUIRE(ends.front.put(Request{7, 70}).has_value());
    Request request{};
    CHECK(ends.back.take(request) == false);  // not published yet
    CHECK(ends.front.publish());
    REQUIRE(ends.back.take(request) == true);
    CHECK(request.id == 7);
    CHECK(request.value == 70);
    CHECK(ends.back.take(request) == false);

    CHECK(ends.back.outstanding() == 1);
    REQUIRE(ends.back.put(Response{7, 4900}).has_value());
    CHECK(ends.back.publish());
    CHECK(ends.back.outstanding() == 0);
    Response response{};
    CHECK(ends.front.free() == 31);
    REQUIRE(ends.front.take(response) == true);
    CHECK(response.id == 7);
    CHECK(response.value == 4900);
    CHECK(ends.front.free() == 32);
}

TEST_CASE("a full ring is busy, and no response goes without a request") {
    TwoEnds ends;
    for (std::uint32_t i = 0; i < ends.front.size(); ++i) REQUIRE(ends.front.put(Request{i, 0}).has_value());
    CHECK(ends.front.free() == 0);
    CHECK(ends.front.put(Request{}).error() == Error::busy);
    CHECK(ends.back.put(Response{}).error() == Error::busy);
    CHECK(ends.front.publish());
    CHECK(ends.back.put(Response{}).error() == Error::busy);
    Request request{};
    for (std::uint32_t i = 0; i < ends.front.size(); ++i) {
        REQUIRE(ends.back.take(request) == true);
        CHECK(request.id == i);
    }
    CHECK(ends.back.take(request) == false);
}

TEST_CASE("notifications are held off until somebody sleeps") {
    TwoEnds ends;
    Request request{};
    Response response{};
    CHECK_FALSE(ends.front.publish());  // nothing to show
    REQUIRE(ends.front.put(Request{}).has_value());
    CHECK(ends.front.publish());  // a fresh ring asks for the first
    REQUIRE(ends.front.put(Request{}).has_value());
    CHECK_FALSE(ends.front.publish());  // the back-end is not through yet
    REQUIRE(ends.back.take(request) == true);
    REQUIRE(ends.back.more() == true);
    REQUIRE(ends.back.take(request) == true);
    REQUIRE(ends.back.more() == false);
    REQUIRE(ends.front.put(Request{}).has_value());
    CHECK(ends.front.publish());

    // In batches: the front-end wants to hear of the second response only.
    REQUIRE(ends.front.more(2) == false);
    REQUIRE(ends.back.put(Response{}).has_value());
    CHECK_FALSE(ends.back.publish());
    REQUIRE(ends.back.put(Response{}).has_value());
    CHECK(ends.back.publish());
    REQUIRE(ends.front.take(response) == true);
    REQUIRE(ends.front.more() == true);
}

namespace {

TwoEnds* racing = nullptr;

/// The front-end publishes at the first barrier of the back-end: after its look, before it asks to be notified.
void publish_once() {
    TwoEnds& ends = *std::exchange(racing, nullptr);
    arch::Barriers::test_passed = nullptr;
    REQUIRE(ends.front.put(Request{1, 1}).has_value());
    REQUIRE_FALSE(ends.front.publish());  // nobody asked yet
}

}  // namespace

TEST_CASE("a message that comes while the consumer goes to sleep is not lost") {
    TwoEnds ends;
    Request request{};
    REQUIRE(ends.front.put(Request{}).has_value());
    REQUIRE(ends.front.publish());
    REQUIRE(ends.back.take(request) == true);
    racing = &ends;
    arch::Barriers::test_passed = publish_once;
    REQUIRE(ends.back.more() == true);
    REQUIRE(ends.back.take(request) == true);
    CHECK(request.id == 1);
}

TEST_CASE("indices run through 2^32") {
    TwoEnds ends(1, 0xffffff00u);
    Request request{};
    Response response{};
    for (std::uint32_t i = 0; i < 1000; ++i) {
        const std::uint32_t count = 1 + i % ends.front.size();
        for (std::uint32_t j = 0; j < count; ++j) REQUIRE(ends.front.put(Request{j, i}).has_value());
        REQUIRE(ends.front.publish());
        for (std::uint32_t j = 0; j < count; ++j) {
            REQUIRE(ends.back.take(request) == true);
            REQUIRE((request.id == j && request.value == i));
            REQUIRE(ends.back.put(Response{j, 2}).has_value());
        }
        REQUIRE(ends.back.more() == false);
        REQUIRE(ends.back.publish());
        for (std::uint32_t j = 0; j < count; ++j) {
            REQUIRE(ends.front.take(response) == true);
            REQUIRE(response.id == j);
        }
        REQUIRE(ends.front.more() == false);
        REQUIRE(ends.front.free() == ends.front.size());
    }
    CHECK(ends.header().requests.producer < 0x10000);  // it did wrap
}

TEST_CASE("a ring of several pages") {
    TwoEnds ends(4);
    CHECK(ends.front.size() == 128);
    for (std::uint32_t i = 0; i < 128; ++i) REQUIRE(ends.front.put(Request{i, i}).has_value());
    CHECK(ends.front.publish());
    Request request{};
    for (std::uint32_t i = 0; i < 128; ++i) {
        REQUIRE(ends.back.take(request) == true);
        REQUIRE(request.id == i);
    }
}

TEST_CASE("an end without a ring does nothing") {
    ring::FrontRing<Request, Response> none;
    Response response{};
    CHECK(none.broken());
    CHECK(none.free() == 0);
    CHECK(none.put(Request{}).error() == Error::device_error);
    CHECK(none.take(response).error() == Error::device_error);
    CHECK(none.more().error() == Error::device_error);
    CHECK_FALSE(none.publish());

    alignas(8) std::byte small[40]{};
    CHECK(ring::FrontRing<Request, Response>(small).broken());
    CHECK(ring::BackRing<Request, Response>(small).broken());
}

TEST_CASE("who hushes is not notified until it asks") {
    for (const std::uint32_t start : {0U, 0xffffffffU}) {
        TwoEnds ends(1, start);
        Request request{};
        Response response{};
        ends.front.hush();
        ends.back.hush();
        for (int i = 0; i < 40; ++i) {
            REQUIRE(ends.front.put(Request{}).has_value());
            CHECK_FALSE(ends.front.publish());
            REQUIRE(ends.back.take(request) == true);
            REQUIRE(ends.back.put(Response{}).has_value());
            CHECK_FALSE(ends.back.publish());
            REQUIRE(ends.front.take(response) == true);
        }
        CHECK(ends.back.more() == false);
        REQUIRE(ends.front.put(Request{}).has_value());
        CHECK(ends.front.publish());
        ends.back.hush();  // with a message that is not taken yet
        REQUIRE(ends.front.put(Request{}).has_value());
        CHECK_FALSE(ends.front.publish());
    }
}
