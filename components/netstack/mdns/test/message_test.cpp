// SPDX-License-Identifier: BSD-3-Clause
#include "../message.hpp"

#include <catch2/catch.hpp>

#include <random>
#include <string>
#include <vector>

using namespace unicore::netstack::mdns;
using unicore::Error;

namespace {

using Message = std::vector<std::uint8_t>;

constexpr std::size_t header_size = Writer::header_size;

Message with_header(std::initializer_list<unsigned> rest) {
    Message message(header_size);
    for (const unsigned byte : rest) message.push_back(static_cast<std::uint8_t>(byte));
    return message;
}

/// A question at `place`, which is read by skipping what is in front.
unicore::Result<Question> question_of(const Message& message) {
    Reader reader(message);
    REQUIRE(reader.header());
    return reader.question();
}

}  // namespace

TEST_CASE("names are of labels that fit, and letters count alike") {
    Name name;
    CHECK(name.bytes().size() == 1);
    CHECK(name.add("").error() == Error::out_of_range);
    CHECK(name.add(std::string(64, 'a')).error() == Error::out_of_range);
    for (int i = 0; i != 3; ++i) CHECK(name.add(std::string(63, 'a')));
    CHECK(name.add(std::string(62, 'a')).error() == Error::out_of_range);
    CHECK(name.add(std::string(61, 'a')));  // 255 in all
    CHECK(name.bytes().size() == 255);
    CHECK(name.add("a").error() == Error::out_of_range);
    CHECK(Name{"Oven", "LOCAL"} == Name{"oven", "local"});
    CHECK_FALSE(Name{"oven", "local"} == Name{"ovenlocal"});
    CHECK_FALSE(Name{"oven"} == Name{"oven", "local"});
    CHECK_FALSE(Name{"o[en"} == Name{"o{en"});
}

TEST_CASE("what is written is read, and names are written once") {
    std::array<std::uint8_t, 200> room;
    Writer writer(room);
    const Name type{"_http", "_tcp", "local"}, instance{"an oven", "_http", "_tcp", "local"}, host{"oven", "local"};
    const std::array<std::uint8_t, 4> address{10, 0, 0, 1};
    REQUIRE(writer.question(type, Type::ptr, true));
    REQUIRE(writer.record(Writer::answers, type, Type::ptr, false, 4500, {}, &instance));
    REQUIRE(writer.record(Writer::additional, host, Type::a, true, 120, address));
    REQUIRE(writer.record(Writer::additional, Name{"a", "a", "a", "local"}, Type::a, true, 120, address));
    const auto message = writer.finish(7, response_flag);
    // 18 + 4; 2 + 10 + 8 + 2; 5 + 2 + 10 + 4; 3 * 2 + 2 + 10 + 4
    CHECK(message.size() == header_size + 22 + 22 + 21 + 22);

    Reader reader(message);
    const auto header = reader.header();
    REQUIRE(header);
    CHECK(header->id == 7);
    CHECK(header->flags == response_flag);
    CHECK(header->counts == std::array<std::uint16_t, 4>{1, 1, 0, 2});
    const auto question = reader.question();
    REQUIRE(question);
    CHECK((question->name == type && question->type == Type::ptr && question->of_internet && question->unicast));
    const auto answer = reader.record();
    REQUIRE(answer);
    CHECK((answer->name == type && answer->type == Type::ptr && !answer->flush && answer->ttl == 4500));
    CHECK(reader.name_in(*answer) == instance);
    const auto at = reader.record();
    REQUIRE(at);
    CHECK((at->name == host && at->flush && at->ttl == 120 && at->size == 4));
    CHECK(std::ranges::equal(reader.data(*at), address));
    CHECK(reader.name_in(*at, 4).error() == Error::invalid_argument);
    const auto last = reader.record();
    REQUIRE(last);
    CHECK(last->name == Name{"a", "a", "a", "local"});
    CHECK(reader.record().error() == Error::invalid_argument);
}

TEST_CASE("what has no room is not begun") {
    const Name host{"oven", "local"};
    const std::array<std::uint8_t, 4> address{10, 0, 0, 1};
    for (std::size_t size = header_size; size != header_size + 50; ++size) {
        std::vector<std::uint8_t> room(size);
        Writer writer(room);
        std::size_t written = 0;
        while (writer.record(Writer::answers, host, Type::a, true, 120, address)) ++written;
        // 12 + 14 bytes, and 2 + 14 once the name is there.
        CHECK(written == (size < header_size + 26 ? 0 : 1 + (size - header_size - 26) / 16));
        Reader reader(writer.finish(0, 0));
        REQUIRE(reader.header());
        for (std::size_t i = 0; i != written; ++i) CHECK(reader.record()->name == host);
    }
}

TEST_CASE("pointers lead to the front, and names end within the message") {
    // What can be read.
    CHECK(question_of(with_header({1, 'a', 0, 0, 1, 0, 1}))->name == Name{"a"});
    CHECK_FALSE(question_of(with_header({1, 'a', 0, 0, 1, 0, 3}))->of_internet);
    for (const auto& wrong : {
             with_header({}),
             with_header({1}),
             with_header({1, 'a'}),
             with_header({1, 'a', 0, 0, 1, 0}),
             with_header({0xc0, 12, 0, 1, 0, 1}),           // to itself
             with_header({0xc0, 14, 1, 'a', 0, 0, 1, 0, 1}),  // forwards
             with_header({0xc0, 0, 0, 1, 0, 1}),              // into the header
             with_header({1, 'a', 0xc0, 12, 0, 1, 0, 1}),     // round and round
             with_header({0xc0}),
             with_header({0x40, 'a', 0, 0, 1, 0, 1}),  // a length of no kind
             with_header({0x80, 'a', 0, 0, 1, 0, 1}),
             with_header({63, 'a', 0, 0, 1, 0, 1}),
         })
        CHECK(question_of(wrong).error() == Error::invalid_argument);
    // A name that gets too long by what it points to.
    Message message(header_size);
    for (int i = 0; i != 4; ++i) {
        message.push_back(62);
        message.insert(message.end(), 62, 'a');
    }
    message.insert(message.end(), {0, 0, 1, 0, 1, 5, 'b', 'b', 'b', 'b', 'b', 0xc0, 12, 0, 1, 0, 1});
    Reader reader(message);
    REQUIRE(reader.header());
    CHECK(reader.question());
    CHECK(reader.question().error() == Error::invalid_argument);
    // Data beyond the end.
    const auto beyond = with_header({0, 0, 1, 0, 1, 0, 0, 0, 1, 0, 5, 1, 2, 3, 4});
    Reader records(beyond);
    REQUIRE(records.header());
    CHECK(records.record().error() == Error::invalid_argument);
    CHECK(Reader(std::span(beyond).first(11)).header().error() == Error::invalid_argument);
}

TEST_CASE("garbage is read to an end") {
    std::mt19937 random(20261128);
    std::array<std::uint8_t, 300> room;
    for (int i = 0; i != 20'000; ++i) {
        Writer writer(room);
        writer.question(Name{"oven", "local"}, Type::any, true);
        const Name target{"x", "oven", "local"};
        writer.record(Writer::answers, Name{"y", "oven", "local"}, Type::ptr, true, 1, {}, &target);
        const auto good = writer.finish(0, 0);
        Message message(good.begin(), good.end());
        for (unsigned flips = random() % 5; flips != 0; --flips)
            message[random() % message.size()] = static_cast<std::uint8_t>(random());
        message.resize(random() % (message.size() + 1));
        Reader reader(message);
        const auto header = reader.header();
        if (!header) continue;
        for (unsigned left = header->counts[0]; left != 0 && reader.question(); --left) {}
        for (unsigned left = header->counts[1]; left != 0; --left) {
            const auto record = reader.record();
            if (!record) break;
            static_cast<void>(reader.name_in(*record));
            CHECK(reader.data(*record).size() <= message.size());
        }
    }
}
