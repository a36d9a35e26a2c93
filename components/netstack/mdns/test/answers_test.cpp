// SPDX-License-Identifier: BSD-3-Clause
// How it answers.
#include "talk.hpp"

using namespace unicore::netstack;
using namespace unicore::netstack::mdns;
using namespace unicore::netstack::mdns::talk;

namespace {

const Name types{"_services", "_dns-sd", "_udp", "local"};

}  // namespace

TEST_CASE("questions are answered, to all or to who asks alone") {
    calm();
    send(ask(Name{"OVEN", "Local"}, Type::a));
    auto message = next();
    REQUIRE(message);
    CHECK(message->to == group);
    CHECK(message->questions.empty());
    CHECK(message->answers == Texts{oven_address});
    CHECK(has(message->additional, "AAAA oven.local. flush"));
    send(ask(oven, Type::a));  // within a second, not to all again
    CHECK_FALSE(next(500ms));

    send(ask(oven, Type::aaaa, true));
    message = next();
    REQUIRE(message);
    CHECK(message->to == our_address);
    CHECK(message->port == mdns_port);
    CHECK(has(message->answers, "AAAA oven.local. flush 120 fd"));

    send(ask(oven, Type::txt));  // there is none of this type: what there is says so
    message = next();
    REQUIRE(message);
    CHECK(message->answers == Texts{"NSEC oven.local. flush 120 046f76656e056c6f63616c00" "00" "04" "40000008"});

    pass(2s);
    const auto before = Monotonic::now();
    send(ask(http, Type::ptr));
    message = next();
    REQUIRE(message);
    CHECK(message->when - before >= 20ms);
    CHECK(message->answers == Texts{"PTR _http._tcp.local. 4500 oven._http._tcp.local."});
    CHECK(has(message->additional, "SRV oven._http._tcp.local. flush 120 80 oven.local."));
    CHECK(has(message->additional, "TXT oven._http._tcp.local. flush"));
    CHECK(has(message->additional, oven_address));
    send(ask(types, Type::ptr));
    message = next();
    REQUIRE(message);
    CHECK(message->answers == Texts{"PTR _services._dns-sd._udp.local. 4500 _http._tcp.local."});
    send(ask(oven_http, Type::any));
    message = next();
    REQUIRE(message);
    CHECK(message->answers.size() == 2);

    for (const Name& other :
         {Name{"other", "local"}, Name{"oven"}, Name{"oven", "example"}, Name{"_ftp", "_tcp", "local"}}) {
        send(ask(other, Type::any));
        CHECK_FALSE(next(500ms));
    }
}

TEST_CASE("who asks by version 6 is answered by it") {
    World& world = World::get();
    calm();
    const Octets source{0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xfe, 0, 0, 2},
        group_6{0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xfb};
    constexpr std::array<std::uint8_t, 6> group_6_mac{0x33, 0x33, 0, 0, 0, 0xfb};
    const auto send_6 = [&](const Octets& payload, const Octets& from) {
        const auto size = static_cast<unsigned>(8 + payload.size());
        const Octets udp = word(mdns_port) + word(mdns_port) + word(size) + word(0) + payload;
        const Octets pseudo = from + group_6 + word(0) + word(size) + word(0) + word(17);
        world.near.send(test::ethernet(group_6_mac, 0x86dd) + Octets{0x60, 0, 0, 0} + word(size) + Octets{17, 255} + from +
                        group_6 + test::with_checksum(udp, 6, pseudo));
    };
    const auto answer = [&] {
        return world.near.receive_such(
            [](const Octets& f) { return word_at(f, 12) == 0x86dd && f[20] == 17 && word_at(f, 54) == mdns_port; }, 500ms);
    };
    send(ask(oven, Type::a));
    REQUIRE(next(500ms));
    send_6(ask(oven, Type::a), source);  // though it was told by version 4
    const auto frame = answer();
    REQUIRE(frame);
    CHECK((*frame)[21] == 255);
    CHECK(from(*frame, 38, 16) == group_6);
    const Octets payload = from(*frame, 62);
    Reader reader(payload);
    REQUIRE(reader.header());
    CHECK(text_of(reader, *reader.record()) == oven_address);
    send_6(ask(oven, Type::a), source);
    CHECK_FALSE(answer());
    Octets elsewhere = source;
    elsewhere[0] = 0x20;
    pass(2s);
    send_6(ask(oven, Type::a), elsewhere);
    CHECK_FALSE(answer());
}

TEST_CASE("who knows of DNS alone gets a plain answer") {
    calm();
    send(Asker().question(oven, Type::a).message(0x0100, 4711), 40'000);
    const auto message = next();
    REQUIRE(message);
    CHECK(message->to == our_address);
    CHECK(message->port == 40'000);
    CHECK(message->header.id == 4711);
    CHECK(message->questions == Texts{"1 oven.local."});
    CHECK(message->answers == Texts{"A oven.local. 10 0a000001"});
    CHECK(message->additional.empty());
}

TEST_CASE("what who asks knows is not told again") {
    calm();
    const Octets address{10, 0, 0, 1}, other{10, 0, 0, 9};
    send(Asker().question(oven, Type::a).record(Writer::answers, oven, Type::a, 60, address).message());
    CHECK_FALSE(next(500ms));
    send(Asker()
             .question(oven, Type::a)
             .record(Writer::answers, oven, Type::a, 59, address)
             .message());  // more than half of its time is over
    CHECK(next());
    pass(2s);
    send(Asker().question(oven, Type::a).record(Writer::answers, oven, Type::a, 60, other).message());
    CHECK(next());
    pass(2s);
    send(Asker().question(http, Type::ptr).record(Writer::answers, http, Type::ptr, 4000, {}, &oven_http).message());
    CHECK_FALSE(next(500ms));
    const Name elsewhere{"other", "_http", "_tcp", "local"};
    send(Asker().question(http, Type::ptr).record(Writer::answers, http, Type::ptr, 4000, {}, &elsewhere).message());
    CHECK(next());
}

TEST_CASE("what is known may follow the question") {
    calm();
    const Octets address{10, 0, 0, 1};
    const auto before = Monotonic::now();
    send(Asker().question(oven, Type::a).question(http, Type::ptr).message(truncated_flag));
    send(Asker().record(Writer::answers, oven, Type::a, 120, address).message());
    const auto message = next();
    REQUIRE(message);
    CHECK(message->when - before >= 400ms);
    CHECK(message->answers == Texts{"PTR _http._tcp.local. 4500 oven._http._tcp.local."});
    pass(2s);
    send(Asker().question(oven, Type::a).message(truncated_flag));
    send(Asker().record(Writer::answers, oven, Type::a, 120, address).message());
    CHECK_FALSE(next());
}

TEST_CASE("questions from elsewhere, and what is none, are not answered") {
    calm();
    send(ask(oven, Type::a), mdns_port, {10, 0, 1, 2});
    send(ask(oven, Type::a), 40'000, {192, 0, 2, 1});
    send(Asker().question(oven, Type::a).message(0x2800));  // another operation
    send({});
    send(Octets(11, 0));
    send(Octets(2000, 0));
    Octets cut = ask(oven, Type::a);
    for (std::size_t size = 0; size != cut.size(); ++size)
        send(Octets(cut.begin(), cut.begin() + static_cast<std::ptrdiff_t>(size)));
    Octets many = ask(oven, Type::a);
    many[4] = many[6] = 0xff;  // it has not as many
    send(many);
    CHECK_FALSE(next(500ms));
    send(ask(oven, Type::a), mdns_port, our_address, false);  // to this image alone
    CHECK(next());
    pass(5s);
    CHECK(World::get().near.quiet());
}
