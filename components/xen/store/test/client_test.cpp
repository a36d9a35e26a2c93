// SPDX-License-Identifier: BSD-3-Clause
// Requests that nobody waits for: many at once, in pieces, taken back.
#include "world.hpp"

#include <catch2/catch.hpp>

#include <deque>

using namespace unicore;
using namespace unicore::test;

TEST_CASE_METHOD(World, "many requests are under way at once") {
    boot();
    std::deque<Asked> asked;
    for (int i = 0; i < 200; ++i) {
        tree.write("/local/domain/1/" + std::to_string(i), std::string(static_cast<std::size_t>(i), 'x'));
        Asked& one = asked.emplace_back(XS_READ, std::to_string(i), "", 256);
        REQUIRE(store::submit(one).has_value());
    }
    CHECK(page.req_prod - page.req_cons == XENSTORE_RING_SIZE);  // the rest waits
    faults.in_pieces = 0.3;
    settle();
    settle();
    for (std::size_t i = 0; i < asked.size(); ++i) {
        CHECK(asked[i].finished == 1);
        CHECK(asked[i].outcome == static_cast<std::uint32_t>(i));
        CHECK(asked[i].answer() == std::string(i, 'x'));
    }
}

TEST_CASE_METHOD(World, "a request longer than the ring goes over in pieces") {
    boot();
    Asked write(XS_WRITE, "long", std::string(2000, 'y'));
    REQUIRE(store::submit(write).has_value());
    CHECK(write.finished == 0);
    settle();
    CHECK(write.finished == 1);
    CHECK(write.outcome.has_value());
    CHECK(tree.read("/local/domain/1/long") == std::string(2000, 'y'));
}

TEST_CASE_METHOD(World, "a reply that is too long leaves its beginning, and the next one comes") {
    boot();
    tree.write("/local/domain/1/long", "0123456789");
    Asked small(XS_READ, "long", "", 4);
    Asked none(XS_READ, "long", "", 0);
    Asked fits(XS_READ, "long", "", 10);
    for (Asked* one : {&small, &none, &fits}) REQUIRE(store::submit(*one).has_value());
    settle();
    CHECK(small.outcome.error() == Error::out_of_range);
    CHECK(std::string(small.buffer.begin(), small.buffer.end()) == "0123");
    CHECK(none.outcome.error() == Error::out_of_range);
    CHECK(fits.answer() == "0123456789");
}

namespace {

struct Again : Asked {
    using Asked::Asked;
    int left = 300;
};

}  // namespace

TEST_CASE_METHOD(World, "done may ask again") {
    Again again(XS_READ, "value");
    tree.write("/local/domain/1/value", "v");
    boot();
    again.done = [](store::Request& request) noexcept {
        Again& self = static_cast<Again&>(request);
        ++self.finished;
        if (--self.left > 0) static_cast<void>(store::submit(self));
    };
    REQUIRE(store::submit(again).has_value());
    settle();
    CHECK(again.finished == 300);
}

TEST_CASE_METHOD(World, "what was taken back is not done, and what comes for it is skipped") {
    boot();
    tree.write("/local/domain/1/value", std::string(700, 'v'));
    Asked first(XS_READ, "value", "", 1000), second(XS_READ, "value", "", 1000), third(XS_READ, "value", "", 1000);
    for (Asked* one : {&first, &second, &third}) REQUIRE(store::submit(*one).has_value());
    SECTION("before its reply") {
        store::withdraw(second);
        second.buffer.assign(1000, 'q');
    }
    SECTION("in the middle of its reply") {
        REQUIRE(port->serve(faults, random));  // the first reply, and a part of the second
        interrupt();
        REQUIRE(first.finished == 1);
        REQUIRE(third.finished == 0);
        store::withdraw(second);
        second.buffer.assign(1000, 'q');
    }
    settle();
    CHECK(second.finished == 0);
    CHECK(std::string(second.buffer.begin(), second.buffer.end()) == std::string(1000, 'q'));
    CHECK(first.answer() == std::string(700, 'v'));
    CHECK(third.answer() == std::string(700, 'v'));
    CHECK(store::connected());
}

TEST_CASE_METHOD(World, "what was not sent is taken back without a trace") {
    boot();
    Asked filler(XS_WRITE, "a", std::string(1024 - 16 - 2, 'x'));
    Asked second(XS_WRITE, "b", "x");
    REQUIRE(store::submit(filler).has_value());
    REQUIRE(store::submit(second).has_value());
    store::withdraw(second);
    store::withdraw(second);  // nothing to take back any more
    settle();
    CHECK(filler.outcome.has_value());
    CHECK(second.finished == 0);
    CHECK_FALSE(tree.read("/local/domain/1/b").has_value());
    CHECK(store::connected());
}

TEST_CASE_METHOD(World, "taking back what is half sent ends the connection") {
    boot();
    Asked half(XS_WRITE, "a", std::string(2000, 'x'));
    Asked other(XS_READ, "b");
    REQUIRE(store::submit(half).has_value());
    REQUIRE(store::submit(other).has_value());
    store::withdraw(half);
    CHECK(half.finished == 0);
    CHECK(other.finished == 1);
    CHECK(other.outcome.error() == Error::device_error);
    CHECK_FALSE(store::connected());
    CHECK(store::submit(other).error() == Error::device_error);
}

TEST_CASE_METHOD(World, "messages that cannot be right are not sent") {
    boot();
    Asked empty(XS_READ, "");
    Asked null(XS_READ, std::string("a\0b", 3));
    Asked too_long(XS_WRITE, "a", std::string(4095, 'x'));
    Asked longest(XS_WRITE, "a", std::string(4094, 'x'));
    for (Asked* one : {&empty, &null, &too_long}) CHECK(store::submit(*one).error() == Error::invalid_argument);
    REQUIRE(store::submit(longest).has_value());
    settle();
    CHECK(longest.outcome.error() == Error::out_of_memory);  // the quota's
    CHECK(page.req_cons == 16 + 4096);
}

TEST_CASE_METHOD(World, "the page is taken up where it was left") {
    page.req_prod = page.req_cons = 0xfffffff0;
    page.rsp_prod = 0xffffff00;
    page.rsp_cons = 0xfffffe00;  // a boot loader's, not read
    port.emplace(tree, simulator::StoreTree::Domain{1}, page);
    boot();
    CHECK(page.rsp_cons == 0xffffff00);
    REQUIRE(store::write("a", std::string(300, 'x')).has_value());
    char buffer[300];
    CHECK(store::read("a", buffer) == std::string(300, 'x'));
    CHECK(page.req_prod < 0x1000);
    CHECK(page.rsp_prod < 0x1000);
}
