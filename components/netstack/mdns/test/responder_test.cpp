// SPDX-License-Identifier: BSD-3-Clause
// The responder on netstack.lwip's test network: we are 10.0.0.2 at the other end of the cable.
#include "../../lwip/test/world.hpp"
#include "../message.hpp"

#include <unicore/netstack/mdns.hpp>
#include <unicore/netstack/names.hpp>
#include <unicore/sched/timed_work.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace unicore::boot {
extern const char image_name[];
const char image_name[] = "-mdns_test image!";
}  // namespace unicore::boot

namespace unicore::netstack::mdns {
Result<void> set_name(std::string_view) noexcept;
Result<void> start() noexcept;
void stop() noexcept;
}  // namespace unicore::netstack::mdns

using namespace unicore::netstack;
using namespace unicore::netstack::mdns;
using namespace std::chrono_literals;
using test::operator+;
using test::bytes;
using test::from;
using test::pass;
using test::word;
using test::word_at;
using test::World;
using unicore::Error;
using unicore::time::Monotonic;

namespace {

using Octets = test::Bytes;

constexpr unsigned mdns_port = 5353;
constexpr std::array<std::uint8_t, 6> group_mac{1, 0, 0x5e, 0, 0, 0xfb};
const Octets group{224, 0, 0, 251}, our_address = bytes(test::our_address), stack_address = bytes(test::stack_address);

std::string text_of(const Name& name) {
    std::string text;
    const auto all = name.bytes();
    for (std::size_t at = 0; all[at] != 0; at += all[at] + 1U) {
        text.append(reinterpret_cast<const char*>(&all[at + 1]), all[at]);
        text += '.';
    }
    return text;
}

/// Records as text, for example "A oven.local. flush 120 0a000001".
using Texts = std::vector<std::string>;

std::string text_of(const Reader& reader, const Record& record) {
    static const std::map<Type, std::string> names{{Type::a, "A"},      {Type::aaaa, "AAAA"}, {Type::ptr, "PTR"},
                                                   {Type::srv, "SRV"}, {Type::txt, "TXT"},   {Type::nsec, "NSEC"}};
    std::string text = names.at(record.type) + " " + text_of(record.name) + (record.flush ? " flush " : " ") +
                       std::to_string(record.ttl) + " ";
    if (record.type == Type::ptr) return text + text_of(*reader.name_in(record));
    if (record.type == Type::srv) {
        const auto data = reader.data(record);
        return text + std::to_string(data[4] << 8 | data[5]) + " " + text_of(*reader.name_in(record, 6));
    }
    for (const std::uint8_t byte : reader.data(record))
        text += "0123456789abcdef"[byte >> 4], text += "0123456789abcdef"[byte & 15];
    return text;
}

struct Message {
    Header header;
    Texts questions, answers, authorities, additional;
    Octets to;            ///< the address
    unsigned port = 0;   ///< of ours
    unicore::time::Instant when;
};

bool has(const Texts& texts, const std::string& front) {
    return std::ranges::any_of(texts, [&](const std::string& text) { return text.starts_with(front); });
}

std::optional<Message> message_of(const Octets& frame) {
    if (word_at(frame, 12) != 0x0800 || frame[23] != 17 || word_at(frame, 34) != mdns_port) return {};
    CHECK(frame[22] == 255);  // hops
    const Octets payload = from(frame, 42, word_at(frame, 38) - 8);
    Message message{.header = {},
                    .questions = {},
                    .answers = {},
                    .authorities = {},
                    .additional = {},
                    .to = from(frame, 30, 4),
                    .port = word_at(frame, 36),
                    .when = Monotonic::now()};
    Reader reader(payload);
    message.header = *reader.header();
    for (unsigned i = 0; i != message.header.counts[0]; ++i) {
        const auto question = *reader.question();
        message.questions.push_back(std::to_string(static_cast<int>(question.type)) + " " + text_of(question.name) +
                                    (question.unicast ? " QU" : ""));
    }
    unsigned part = 1;
    for (Texts* texts : {&message.answers, &message.authorities, &message.additional})
        for (unsigned left = message.header.counts[part++]; left != 0; --left) {
            const auto record = reader.record();
            REQUIRE(record);
            texts->push_back(text_of(reader, *record));
        }
    return message;
}

/// The next message of the responder on the cable, of IPv4.
std::optional<Message> next(unicore::time::Duration patience = 1500ms) {
    std::optional<Message> message;
    World::get().near.receive_such([&](const Octets& frame) { return (message = message_of(frame)).has_value(); }, patience);
    return message;
}

/// What tests send, from us.
void send(const Octets& payload, unsigned from_port = mdns_port, const Octets& source = our_address, bool to_group = true) {
    const Octets udp =
        word(from_port) + word(mdns_port) + word(static_cast<unsigned>(8 + payload.size())) + word(0) + payload;
    const Octets header = Octets{0x45, 0} + word(static_cast<unsigned>(20 + udp.size())) + word(1) + word(0) +
                          Octets{255, 17} + word(0) + source + (to_group ? group : stack_address);
    World::get().near.send(test::ethernet(to_group ? group_mac : test::stack_mac, 0x0800) +
                           test::with_checksum(header, 10) + udp);
}

class Asker {
public:
    Asker() : writer_(room_) {}
    Asker& question(const Name& name, Type type, bool unicast = false) {
        REQUIRE(writer_.question(name, type, unicast));
        return *this;
    }
    Asker& record(Writer::Part part, const Name& name, Type type, std::uint32_t ttl, const Octets& data,
                  const Name* target = nullptr) {
        REQUIRE(writer_.record(part, name, type, false, ttl, data, target));
        return *this;
    }
    Octets message(unsigned flags = 0, unsigned id = 0) {
        const auto bytes = writer_.finish(static_cast<std::uint16_t>(id), static_cast<std::uint16_t>(flags));
        return Octets(bytes.begin(), bytes.end());
    }

private:
    std::array<std::uint8_t, 1400> room_;
    Writer writer_;
};

const Name oven{"oven", "local"}, http{"_http", "_tcp", "local"}, oven_http{"oven", "_http", "_tcp", "local"};
const Name types{"_services", "_dns-sd", "_udp", "local"};
constexpr const char* const oven_address = "A oven.local. flush 120 0a000001";

Octets ask(const Name& name, Type type, bool unicast = false) { return Asker().question(name, type, unicast).message(); }

}  // namespace

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

TEST_CASE("questions are answered, to all or to who asks alone") {
    pass(20s);
    World::get().near.drain();
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
    pass(20s);
    World& world = World::get();
    world.near.drain();
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
    pass(20s);
    World::get().near.drain();
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
    pass(20s);
    World::get().near.drain();
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
    pass(20s);
    World::get().near.drain();
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
    pass(20s);
    World::get().near.drain();
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

TEST_CASE("of two who ask at once the one with the greater addresses goes on") {
    pass(20s);
    World& world = World::get();
    world.near.drain();
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

namespace {

/// Another host, which answers while we wait.
struct Printer final : unicore::sched::TimedWork {
    explicit Printer(Octets with) : answer(std::move(with)) { wake(); }

    Octets answer;
    std::vector<unicore::time::Instant> asked;
    Texts questions;

private:
    void run() noexcept override {
        while (const auto frame = World::get().near.receive(0ms)) {
            const auto message = message_of(*frame);
            if (!message || message->header.flags != 0) continue;
            asked.push_back(message->when);
            questions = message->questions;
            if (!answer.empty()) send(answer);
        }
        wake_at(Monotonic::now() + 10ms);
    }
};

const Name printer{"printer", "local"};
const Octets address_4{10, 0, 0, 55}, address_6{0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x55},
    of_link{0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x55};

}  // namespace

TEST_CASE("names in the local network are asked for there") {
    pass(20s);
    World::get().near.drain();
    std::array<Address, 4> found{};
    const Address four = Address::v4(10, 0, 0, 55);
    {
        Printer other(Asker()
                          .record(Writer::answers, Name{"PRINTER", "local"}, Type::a, 120, address_4)
                          .record(Writer::answers, printer, Type::a, 120, address_4)
                          .record(Writer::answers, printer, Type::a, 120, {10, 0, 0})
                          .record(Writer::additional, printer, Type::aaaa, 120, of_link)
                          .record(Writer::additional, printer, Type::aaaa, 120, address_6)
                          .record(Writer::additional, Name{"other", "local"}, Type::a, 120, {10, 0, 0, 66})
                          .message(response_flag));
        const auto before = Monotonic::now();
        REQUIRE(resolve("printer.local.", {}, found) == 2u);
        CHECK(Monotonic::now() - before < 100ms);
        CHECK(found[1] == four);  // the stack has an address of version 6: that is first
        CHECK(Octets(found[0].bytes.begin(), found[0].bytes.end()) == address_6);
        CHECK(other.questions == Texts{"1 printer.local.", "28 printer.local."});
        REQUIRE(resolve("printer.local", Address::Family::v4, found) == 1u);
        CHECK(other.questions == Texts{"1 printer.local."});
    }
    {
        Printer other(Asker().record(Writer::answers, printer, Type::a, 120, address_4).message(response_flag));
        const auto before = Monotonic::now();
        REQUIRE(resolve("printer.local", {}, found) == 1u);
        CHECK(found[0] == four);
        CHECK(Monotonic::now() - before < 500ms);  // it does not wait long for the other version
        CHECK(resolve("printer.local", Address::Family::v6, found).error() == Error::not_found);
    }
    {
        Printer silent(Octets{});
        const auto before = Monotonic::now();
        CHECK(resolve("nobody.local", {}, found).error() == Error::not_found);
        REQUIRE(silent.asked.size() == 3);
        CHECK(silent.asked[1] - silent.asked[0] >= 980ms);
        CHECK(silent.asked[2] - silent.asked[1] >= 1980ms);
        CHECK(Monotonic::now() - before < 6s);
        CHECK(resolve("nobody.local", {}, found, Monotonic::now() + 200ms).error() == Error::timed_out);
        silent.asked.clear();
        REQUIRE(resolve("oven.local", Address::Family::v4, found) == 3u);  // that is this image, with all of its networks
        CHECK(found[0] == Address::v4(10, 0, 0, 1));
        CHECK(silent.asked.empty());
    }
    // Without a question nothing is kept.
    send(Asker().record(Writer::answers, printer, Type::a, 120, address_4).message(response_flag));
    pass(1s);
    CHECK(World::get().near.quiet());
}

TEST_CASE("who was there before keeps the name") {
    pass(20s);
    World& world = World::get();
    world.near.drain();
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
    pass(20s);
    world.near.drain();
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
