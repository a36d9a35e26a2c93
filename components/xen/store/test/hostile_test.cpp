// SPDX-License-Identifier: BSD-3-Clause
// A daemon that breaks the rules: nothing crashes, nothing waits for ever.
#include "world.hpp"

#include <catch2/catch.hpp>

#include <cstring>
#include <deque>

using namespace unicore;
using namespace unicore::test;

namespace {

void send(World& world, const std::string& bytes) {
    for (const char byte : bytes) world.page.rsp[MASK_XENSTORE_IDX(world.page.rsp_prod++)] = byte;
    world.interrupt();
}

std::string message(std::uint32_t type, std::uint32_t id, std::uint32_t length, const std::string& payload = {}) {
    const xsd_sockmsg header{type, id, 0, length};
    return std::string(reinterpret_cast<const char*>(&header), sizeof header) + payload;
}

}  // namespace

TEST_CASE_METHOD(World, "what breaks the rules ends the connection and all that waits") {
    boot();
    daemon_works = false;
    Asked sent(XS_READ, "a");
    Asked queued(XS_WRITE, "b", std::string(2000, 'x'));
    Asked behind(XS_READ, "c");
    for (Asked* one : {&sent, &queued, &behind}) REQUIRE(store::submit(*one).has_value());
    SECTION("the response index") {
        page.rsp_prod += 1025;
        interrupt();
    }
    SECTION("the request index, ahead") {
        page.req_cons = page.req_prod + 1;
        interrupt();
    }
    SECTION("the request index, behind") {
        page.req_cons = page.req_prod - 1025;
        interrupt();
    }
    SECTION("a payload that is too long") { send(*this, message(XS_READ, sent.id, 4097)); }
    SECTION("an event that is too long") { send(*this, message(XS_WATCH_EVENT, 0, 0xffffffff)); }
    SECTION("a reply to nobody") { send(*this, message(XS_READ, 12345, 0)); }
    SECTION("a reply to what is half sent") { send(*this, message(XS_WRITE, sent.id + 2, 3, "OK")); }
    SECTION("a reply to what is not sent") { send(*this, message(XS_READ, sent.id + 4, 3, "OK")); }
    SECTION("a reply to number 0") { send(*this, message(XS_WRITE, 0, 3, "OK")); }
    SECTION("a reply to something else") { send(*this, message(XS_WRITE, sent.id, 0)); }
    SECTION("two replies") {
        send(*this, message(XS_READ, sent.id, 2, "ok"));
        CHECK(sent.answer() == "ok");
        send(*this, message(XS_READ, sent.id, 0));
    }
    CHECK_FALSE(store::connected());
    CHECK(sent.finished == 1);
    CHECK(queued.finished == 1);
    CHECK(behind.finished == 1);
    CHECK(queued.outcome.error() == Error::device_error);
    CHECK(behind.outcome.error() == Error::device_error);
    char buffer[4];
    CHECK(store::read("a", buffer).error() == Error::device_error);
    const auto before = page;
    interrupt();
    CHECK(std::memcmp(&before, &page, sizeof page) == 0);  // nothing moves any more
}

TEST_CASE_METHOD(World, "errors and events that make no sense are survived") {
    boot();
    daemon_works = false;
    for (const std::string& name : {std::string(), std::string("E"), std::string("ENOENT and more\0", 16),
                                    std::string(500, 'E'), std::string("\0\0\0", 3)}) {
        Asked asked(XS_READ, "a");
        REQUIRE(store::submit(asked).has_value());
        send(*this, message(XS_ERROR, asked.id, static_cast<std::uint32_t>(name.size()), name));
        CHECK(asked.finished == 1);
        CHECK(asked.outcome.error() == Error::device_error);
    }
    for (const std::string& event : {std::string(), std::string("no null"), std::string(900, '\0')})
        send(*this, message(XS_WATCH_EVENT, 0, static_cast<std::uint32_t>(event.size()), event));
    CHECK(store::connected());
    page.req_cons = page.req_prod;  // all read
    Asked last(XS_READ, "a");
    REQUIRE(store::submit(last).has_value());
    send(*this, message(XS_ERROR, last.id, 7, std::string("ENOENT\0", 7)));
    CHECK(last.outcome.error() == Error::not_found);
}

TEST_CASE_METHOD(World, "a reply comes byte by byte") {
    boot();
    daemon_works = false;
    Asked asked(XS_READ, "a");
    REQUIRE(store::submit(asked).has_value());
    for (const char byte : message(XS_READ, asked.id, 5, "hello")) send(*this, std::string(1, byte));
    CHECK(asked.answer() == "hello");
}

TEST_CASE("requests end, and end once, whatever the daemon does") {
    std::mt19937_64 chance(20260802);
    unsigned broken = 0, answered = 0;
    for (int round = 0; round < 300; ++round) {
        INFO("round " << round);
        World world;
        auto& faults = world.faults;
        world.random.seed(chance());
        double* const hostile[] = {&faults.unknown_ids, &faults.wrong_types, &faults.endless, &faults.repeated,
                                   &faults.nonsense, &faults.odd_events, &faults.bad_indices};
        const bool honest = round % 2 == 1;
        faults.in_pieces = 0.3;
        faults.spurious_watches = 0.2;
        faults.refused_transactions = 0.3;
        if (!honest) *hostile[chance() % std::size(hostile)] = 0.05;
        world.boot();
        unsigned fired = 0;
        {
            auto watch = store::Watch::create(
                "w", [](void* count, std::string_view) noexcept { ++*static_cast<unsigned*>(count); }, &fired);
            std::deque<Asked> asked;
            for (int i = 0; i < 20; ++i) {
                const auto kind = chance() % 4;
                const std::string path(1, static_cast<char>('u' + chance() % 4));
                if (kind == 0) {
                    static_cast<void>(store::transaction([&](store::Transaction transaction) -> Result<void> {
                        UNICORE_TRY(store::write(path, "t", transaction));
                        return store::write(path + "/u", "t", transaction);
                    }));
                } else {
                    Asked& one = asked.emplace_back(kind == 1 ? XS_WRITE : XS_READ, path,
                                                    std::string(kind == 1 ? chance() % 1500 : 0, 'v'), chance() % 100);
                    if (!store::submit(one)) one.finished = 1;
                }
            }
            world.settle();
            for (Asked& one : asked) {
                if (!store::connected() || honest) REQUIRE(one.finished == 1);
                answered += one.finished == 1 && one.outcome.has_value();
                store::withdraw(one);
            }
        }
        broken += !store::connected();
        if (honest) REQUIRE(store::connected());
        if (honest) REQUIRE(fired > 0);
    }
    CHECK(broken > 20);
    CHECK(answered > 300);
}
