// SPDX-License-Identifier: BSD-3-Clause
/// Talk with the responder on netstack.lwip's test network: we are 10.0.0.2 at the other end of the cable.
#pragma once

#include "../../lwip/test/world.hpp"
#include "../message.hpp"

#include <unicore/base/chrono.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <vector>

namespace unicore::netstack::mdns {

Result<void> set_name(std::string_view) noexcept;
Result<void> start() noexcept;
void stop() noexcept;

namespace talk {

using namespace std::chrono_literals;
using test::operator+;
using test::bytes;
using test::from;
using test::pass;
using test::word;
using test::word_at;
using test::World;
using time::Monotonic;
using Octets = test::Bytes;

inline constexpr unsigned mdns_port = 5353;
inline const Octets group{224, 0, 0, 251}, our_address = bytes(test::our_address), stack_address = bytes(test::stack_address);

/// Records as text, for example "A oven.local. flush 120 0a000001".
using Texts = std::vector<std::string>;
std::string text_of(const Reader& reader, const Record& record);
/// Whether one of them begins so.
bool has(const Texts& texts, const std::string& front);

struct Message {
    Header header;
    Texts questions, answers, authorities, additional;
    Octets to;            ///< the address
    unsigned port = 0;   ///< of ours
    time::Instant when;
};

/// What the responder says in a frame, of IPv4.
std::optional<Message> message_of(const Octets& frame);
/// Its next message on the cable.
std::optional<Message> next(time::Duration patience = 1500ms);
/// Lets what was before come to its end.
void calm();

/// What tests send, from us.
void send(const Octets& payload, unsigned from_port = mdns_port, const Octets& source = our_address, bool to_group = true);

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

inline const Name oven{"oven", "local"}, http{"_http", "_tcp", "local"}, oven_http{"oven", "_http", "_tcp", "local"};
inline constexpr const char* oven_address = "A oven.local. flush 120 0a000001";

Octets ask(const Name& name, Type type, bool unicast = false);

}  // namespace talk
}  // namespace unicore::netstack::mdns
