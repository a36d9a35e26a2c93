// SPDX-License-Identifier: BSD-3-Clause
#include "talk.hpp"

#include <map>

namespace unicore::boot {
extern const char image_name[];
const char image_name[] = "-mdns_test image!";
}  // namespace unicore::boot

namespace unicore::netstack::mdns::talk {
namespace {

constexpr std::array<std::uint8_t, 6> group_mac{1, 0, 0x5e, 0, 0, 0xfb};

std::string text_of(const Name& name) {
    std::string text;
    const auto all = name.bytes();
    for (std::size_t at = 0; all[at] != 0; at += all[at] + 1U) {
        text.append(reinterpret_cast<const char*>(&all[at + 1]), all[at]);
        text += '.';
    }
    return text;
}

}  // namespace

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

std::optional<Message> next(time::Duration patience) {
    std::optional<Message> message;
    World::get().near.receive_such([&](const Octets& frame) { return (message = message_of(frame)).has_value(); }, patience);
    return message;
}

void calm() {
    pass(20s);
    World::get().near.drain();
}

void send(const Octets& payload, unsigned from_port, const Octets& source, bool to_group) {
    const Octets udp =
        word(from_port) + word(mdns_port) + word(static_cast<unsigned>(8 + payload.size())) + word(0) + payload;
    const Octets header = Octets{0x45, 0} + word(static_cast<unsigned>(20 + udp.size())) + word(1) + word(0) +
                          Octets{255, 17} + word(0) + source + (to_group ? group : stack_address);
    World::get().near.send(test::ethernet(to_group ? group_mac : test::stack_mac, 0x0800) +
                           test::with_checksum(header, 10) + udp);
}

Octets ask(const Name& name, Type type, bool unicast) { return Asker().question(name, type, unicast).message(); }

}  // namespace unicore::netstack::mdns::talk
