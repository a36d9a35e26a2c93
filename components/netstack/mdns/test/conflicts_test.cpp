// SPDX-License-Identifier: BSD-3-Clause
// How it gives way, and ends.
#include "talk.hpp"

#include <unicore/netstack/mdns.hpp>

#include <random>

using namespace unicore::netstack;
using namespace unicore::netstack::mdns;
using namespace unicore::netstack::mdns::talk;
using unicore::Error;

TEST_CASE("of two who ask at once the one with the greater addresses goes on") {
    calm();
    const Octets claim{10, 0, 0, 77};
    const auto conflict = [&] { send(Asker().record(Writer::answers, oven, Type::a, 120, claim).message(response_flag)); };
    conflict();  // now it asks
    REQUIRE(next());
    const auto others = [&](const Octets& address) {
        send(Asker().question(oven, Type::any, true).record(Writer::authorities, oven, Type::a, 120, address).message());
    };
    others({9, 0, 0, 1});  // less
    auto message = next(300ms);
    REQUIRE(message);
    CHECK(message->header.flags == 0);
    others({10, 0, 0, 1});  // ours begin with the same, and there are more of them
    REQUIRE(next(300ms));
    others({11, 0, 0, 1});
    const auto before = Monotonic::now();
    message = next(3s);
    REQUIRE(message);
    CHECK(message->when - before >= 1s);
    CHECK(message->questions.front() == "255 oven.local. QU");
    for (int i = 0; i != 2; ++i) REQUIRE(next()->header.flags == 0);
    CHECK(next()->header.flags == (response_flag | authoritative_flag));
}

TEST_CASE("who was there before keeps the name") {
    World& world = World::get();
    calm();
    const Octets claim{10, 0, 0, 77};
    const auto conflict = [&] { send(Asker().record(Writer::answers, oven, Type::a, 120, claim).message(response_flag)); };
    send(Asker().record(Writer::answers, oven, Type::a, 120, stack_address).message(response_flag));  // that is what we say
    send(Asker().record(Writer::answers, oven, Type::a, 0, claim).message(response_flag));            // it goes
    send(Asker().record(Writer::answers, oven, Type::a, 120, claim).message(response_flag), 40'000);  // from another port
    CHECK_FALSE(next(3s));
    conflict();
    auto message = next();
    REQUIRE(message);
    CHECK(message->questions.front() == "255 oven.local. QU");  // it asks again first
    send(ask(oven, Type::a));
    conflict();
    message = next();
    REQUIRE(message);
    CHECK(message->questions == Texts{"255 oven-2.local. QU", "255 oven._http._tcp.local. QU"});
    const Octets service_of_another{0, 0, 0, 0, 0, 81};
    const Name other{"other", "local"};
    send(Asker().record(Writer::answers, oven_http, Type::srv, 120, service_of_another, &other).message(response_flag));
    message = next();
    REQUIRE(message);
    CHECK(message->questions == Texts{"255 oven-2.local. QU", "255 oven (2)._http._tcp.local. QU"});
    for (int i = 0; i != 2; ++i) REQUIRE(next());
    message = next();
    REQUIRE(message);
    CHECK(has(message->answers, "A oven-2.local. flush 120 0a000001"));
    CHECK(has(message->answers, "SRV oven (2)._http._tcp.local. flush 120 80 oven-2.local."));
    std::array<char, 63> room;
    CHECK(mdns::name(room) == "oven-2");
    pass(5s);
    world.near.drain();
    send(ask(oven, Type::a));
    CHECK_FALSE(next(500ms));
}

TEST_CASE("garbage does no harm") {
    World& world = World::get();
    std::mt19937 random(20261128);
    for (int i = 0; i != 5000; ++i) {
        Asker asker;
        asker.question(random() % 2 == 0 ? oven : http, Type::any, random() % 2 == 0);
        asker.record(Writer::answers, http, Type::ptr, 4000, {}, &oven_http);
        asker.record(Writer::authorities, oven, Type::a, 120, {10, 0, 0, static_cast<std::uint8_t>(random())});
        asker.record(Writer::additional, oven_http, Type::srv, 120, {0, 0, 0, 0, 0, 81}, &oven);
        Octets message = asker.message(random() % 3 == 0 ? response_flag : 0);
        for (unsigned flips = random() % 6; flips != 0; --flips)
            message[4 + random() % (message.size() - 4)] = static_cast<std::uint8_t>(random());
        if (random() % 4 == 0) message.resize(random() % message.size());
        send(message, random() % 4 == 0 ? 40'000 : mdns_port);
        if (i % 16 == 0) pass(20ms), world.near.drain();
    }
    pass(60s);  // it may have given way, and asked anew
    world.near.drain();
    std::array<char, 63> room;
    const std::string_view name = mdns::name(room);
    CHECK(name.starts_with("oven"));
    send(ask(Name{name, "local"}, Type::a));
    const auto message = next();
    REQUIRE(message);
    CHECK(has(message->answers, "A " + std::string(name) + ".local. flush 120 0a000001"));
    pass(5s);
    world.near.drain();
    CHECK(world.near.quiet());
}

TEST_CASE("services that there is no room for, and an end") {
    World& world = World::get();
    for (std::size_t i = 1; i != most_services; ++i) {
        const std::string text(200, 'x');
        const std::string_view texts[] = {text};
        REQUIRE(announce(
            {.type = "_other._udp", .port = 4000, .instance = std::string(62, static_cast<char>('a' + i)), .text = texts}));
    }
    CHECK(announce({.type = "_http._tcp", .port = 80}).error() == Error::busy);
    calm();
    mdns::stop();
    Texts told;
    while (const auto message = next(500ms)) {  // more than a frame has room for
        CHECK(message->to == group);
        told.insert(told.end(), message->answers.begin(), message->answers.end());
    }
    CHECK(told.size() == 3 + 4 * most_services);  // two addresses of version 6, one of the link
    CHECK(std::ranges::all_of(told, [](const std::string& text) { return text.find(" 0 ") != text.npos; }));
    std::array<char, 63> room;
    const std::string_view name = mdns::name(room);
    CHECK(has(told, "A " + std::string(name) + ".local. flush 0 0a000001"));
    send(ask(Name{name, "local"}, Type::a));
    CHECK_FALSE(next(500ms));
    pass(20s);
    CHECK(world.near.quiet());
}
