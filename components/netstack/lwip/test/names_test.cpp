// SPDX-License-Identifier: BSD-3-Clause
#include "world.hpp"

#include <unicore/netstack/lock.hpp>
#include <unicore/netstack/names.hpp>
#include <unicore/netstack/udp.hpp>

#include <catch2/catch.hpp>

#include <array>
#include <functional>
#include <random>
#include <string>

#include <lwip/dns.h>

using namespace unicore::netstack;
using namespace unicore::netstack::test;
using namespace std::chrono_literals;
using unicore::Error;
using unicore::Result;
using unicore::time::Instant;
using unicore::time::Monotonic;
using udp::Port;
using Family = Address::Family;

namespace {

const Address left = Address::v4(10, 1, 0, 1);
const Address answer_4 = Address::v4(192, 0, 2, 7);
const Address answer_6{Family::v6, {0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7}};

using Packets = std::vector<Bytes>;

Bytes record(unsigned type, const Bytes& data, unsigned ttl = 0) {
    return Bytes{0xc0, 12} + word(type) + word(1) + word(ttl >> 16) + word(ttl & 0xffff) + word(static_cast<unsigned>(data.size())) + data;
}
Bytes record(const Address& address, unsigned ttl = 0) {
    return record(address.family == Family::v4 ? 1 : 28,
                  Bytes(address.bytes.begin(), address.bytes.begin() + static_cast<std::ptrdiff_t>(address.size())), ttl);
}

/// A server at one of the stack's own addresses, at the other end of its cable.
class Server final : udp::PortUser {
public:
    using Answerer = std::function<Packets(const Bytes& question)>;

    explicit Server(Answerer answerer) : answerer_(std::move(answerer)), port_(*this) {
        World::get();
        const Lock lock;
        REQUIRE(port_.bind({left, 53}).has_value());
        ip_addr_t address{};
        IP_ADDR4(&address, 10, 1, 0, 1);
        dns_setserver(0, &address);
    }
    ~Server() {
        const Lock lock;
        port_.close();
        dns_setserver(0, nullptr);
    }
    int asked = 0;

private:
    void received(Port& port) noexcept override {
        Bytes question(port.size());
        port.copy_to(std::as_writable_bytes(std::span(question)));
        const Endpoint from = port.from();
        port.drop();
        ++asked;
        for (const Bytes& answer : answerer_(question)) static_cast<void>(port.send(std::as_bytes(std::span(answer)), from));
    }

    Answerer answerer_;
    Port port_;
};

unsigned type_of(const Bytes& question) { return question[question.size() - 3]; }
Bytes reply(const Bytes& question, const Packets& records, unsigned code = 0) {
    Bytes all(question.begin(), question.begin() + 2);
    all = all + Bytes{0x81, static_cast<std::uint8_t>(0x80 | code)} + word(1) + word(static_cast<unsigned>(records.size())) +
          word(0) + word(0) + Bytes(question.begin() + 12, question.end());
    for (const Bytes& each : records) all = all + each;
    return all;
}

std::array<Address, 4> found;
Result<std::size_t> look(std::string_view name, std::optional<Family> family = {}, Instant deadline = unicore::time::never) {
    found.fill({});
    return resolve(name, family, found, deadline);
}
/// The deadline of what a test waits for in vain.
Instant soon() { return Monotonic::now() + 200ms; }
/// The stack, whose address of version 6 nobody else has.
void begin() {
    World::get();
    pass(5s);
}
/// Until lwIP has given up all of its questions.
void settle() { pass(10s); }

}  // namespace

TEST_CASE("addresses as text and this image are not asked for") {
    begin();
    REQUIRE(look("192.0.2.7") == 1u);
    CHECK(found[0] == answer_4);
    REQUIRE(look("2001:db8::7") == 1u);
    CHECK(found[0] == answer_6);
    CHECK(look("192.0.2.7", Family::v6).error() == Error::not_found);
    CHECK(look("::1", Family::v4).error() == Error::not_found);
    for (const char* local : {"localhost", "LocalHost.", "a.localhost"}) {
        REQUIRE(look(local) == 2u);
        CHECK(found[0] == Address{Family::v6, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}});
        CHECK(found[1] == Address::v4(127, 0, 0, 1));
    }
    CHECK(look("localhost", Family::v4) == 1u);
    CHECK(resolve("localhost", {}, {}) == 2u);
}

TEST_CASE("what is no name is not asked for") {
    World::get();
    Server server([](const Bytes&) { return Packets{}; });
    const std::string label(63, 'a');
    for (const std::string& name : {std::string(), std::string("."), std::string("a..b"), std::string(".a"), std::string("a b"),
                                    std::string("a\0b", 3), std::string("a\xc3\xa4"), label + "a.b", std::string("127.1"),
                                    std::string("1"), std::string("a.7"), std::string("0x7f000001"), std::string("010.0.0.0x1"),
                                    std::string("fe80::1%1"), label + "." + label + "." + label + "." + label})
        CHECK(look(name, {}, soon()).error() == Error::invalid_argument);
    CHECK(server.asked == 0);
}

TEST_CASE("without a server there is an error at once") {
    World::get();
    CHECK(look("host.example").error() == Error::unsupported);
}

TEST_CASE("both versions are asked for, and what there is is found") {
    begin();
    Server server([](const Bytes& question) {
        return Packets{reply(question, {type_of(question) == 1 ? record(answer_4) : record(answer_6)})};
    });
    REQUIRE(look("host.example") == 2u);
    CHECK(found[0] == answer_6);  // the stack has an address of that version
    CHECK(found[1] == answer_4);
    REQUIRE(look("host.example.", Family::v4) == 1u);
    CHECK(found[0] == answer_4);
    REQUIRE(look("host.example", Family::v6) == 1u);
    CHECK(found[0] == answer_6);
    CHECK(server.asked == 4);
}

TEST_CASE("an alias in front, a version that is missing, an answer that is kept") {
    Server server([](const Bytes& question) {
        if (type_of(question) != 1) return Packets{reply(question, {})};
        return Packets{reply(question, {record(5, {3, 'w', 'w', 'w', 0}), record(answer_4, 60)})};
    });
    REQUIRE(look("alias.example") == 1u);
    CHECK(found[0] == answer_4);
    CHECK(look("alias.example", Family::v6).error() == Error::not_found);
    const int asked = server.asked;
    REQUIRE(look("alias.example", Family::v4) == 1u);
    CHECK(server.asked == asked);
    pass(62s);
    REQUIRE(look("alias.example", Family::v4) == 1u);
    CHECK(server.asked == asked + 1);
    pass(62s);
}

TEST_CASE("a server's no is another error than silence") {
    {
        Server server([](const Bytes& question) { return Packets{reply(question, {}, 3)}; });
        CHECK(look("nobody.example").error() == Error::not_found);
    }
    Server silent([](const Bytes&) { return Packets{}; });
    const Instant start = Monotonic::now();
    CHECK(look("silent.example", {}, start + 200ms).error() == Error::timed_out);
    CHECK(Monotonic::now() - start < 1s);
    CHECK(look("silent.example", Family::v4).error() == Error::timed_out);  // lwIP gives up
    CHECK(Monotonic::now() - start < 20s);
    settle();
}

TEST_CASE("what does not answer the question is ignored") {
    Server server([](const Bytes& question) {
        const Bytes right = reply(question, {record(answer_4)});
        const Bytes wrong = reply(question, {record(Address::v4(6, 6, 6, 6))});
        Packets all;
        Bytes one = wrong;
        one[0] ^= 1;  // another number
        all.push_back(one);
        one = wrong, one[2] = 1;  // a question
        all.push_back(one);
        one = wrong, one[13] ^= 1;  // another name
        all.push_back(one);
        one = wrong, one[question.size() - 3] = 28;  // another type
        all.push_back(one);
        one = wrong, one[5] = 2;  // several questions
        all.push_back(one);
        for (std::size_t size = 0; size < wrong.size(); ++size)  // cut off; without a record it would be an answer
            if (size != question.size()) all.emplace_back(wrong.begin(), wrong.begin() + static_cast<std::ptrdiff_t>(size));
        all.push_back(right);
        return all;
    });
    REQUIRE(look("host.example", Family::v4) == 1u);
    CHECK(found[0] == answer_4);
}

TEST_CASE("garbage is survived, and leaves nothing behind") {
    World& world = World::get();
    std::mt19937 random(20261127);
    Server server([&](const Bytes& question) {
        Packets all;
        for (int i = 0; i < 20; ++i) {
            Bytes one = reply(question, {record(5, {1, 'x', 0xc0, 12}), record(answer_4), record(answer_6)});
            for (unsigned flips = 1 + random() % 4; flips != 0; --flips)
                one[2 + random() % (one.size() - 2)] = static_cast<std::uint8_t>(random());
            one.resize(random() % 3 == 0 ? random() % one.size() : one.size());
            all.push_back(one);
        }
        all.push_back(reply(question, {type_of(question) == 1 ? record(answer_4) : record(answer_6)}));
        return all;
    });
    for (int i = 0; i < 200; ++i) {
        const auto count = look("host" + std::to_string(i) + ".example");  // what garbage has had kept is of others
        CHECK((count ? *count >= 1 && *count <= 2 : count.error() == Error::not_found));
        if (random() % 8 == 0) settle();
    }
    settle();
    const auto there = world.between.to_right().statistics(), back = world.between.to_left().statistics();
    CHECK(there.free == there.count);
    CHECK(back.free == back.count);
}

TEST_CASE("who gives up leaves a place that is used again") {
    bool talks = false;
    Server server([&](const Bytes& question) {
        return talks ? Packets{reply(question, {record(answer_4)})} : Packets{};
    });
    for (int i = 0; i < 100; ++i)  // more than lwIP has places: later ones wait for these in vain
        CHECK(look("host" + std::to_string(i) + ".example", Family::v4, Monotonic::now() + 10ms).error() == Error::timed_out);
    talks = true;
    CHECK(look("last.example", Family::v4) == 1u);  // as soon as a place is free
    for (int i = 0; i < 100; ++i) CHECK(look("again.example", Family::v4) == 1u);
    settle();
}
