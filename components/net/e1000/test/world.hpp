// SPDX-License-Identifier: BSD-3-Clause
/// A driver, its card and who uses it.
#pragma once

#include "../nic.hpp"
#include "fake_card.hpp"

#include "../../../memory/heap/test/fake_pages.hpp"
#include "../../headers/test/frames.hpp"

#include <unicore/net/pool.hpp>

#include <catch2/catch.hpp>

#include <cstring>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace unicore::test {

using Nic = net::e1000::Nic<FakeCard::Registers>;
using net::e1000::Signals;

extern std::string log_text;
extern time::Instant clock_now;

inline constexpr Signals messages{.queues = 0, .changes = 1}, line{.line = true}, nothing{};

struct Ears final : net::Listener {
    void ready(unsigned queue) noexcept override {
        CHECK(queue == 0);
        ++calls;
    }
    void link_changed() noexcept override { ++changes; }
    unsigned calls = 0, changes = 0;
};

struct World {
    FakeCard card;
    Ears ears;
    net::Pool pool;
    std::optional<Nic> nic;

    explicit World(Signals signals = messages, net::e1000::Model model = net::e1000::Model::i82574,
                   bool segments = true) {
        reset_fake_pages();
        log_text.clear();
        card.express = model == net::e1000::Model::i82574;
        card.message = [this](unsigned message) { message == 0 ? nic->on_queues() : nic->on_change(); };
        card.line = [this] { nic->on_line(); };
        nic.emplace(card.registers(), model, 3U, segments);
        nic->set_signals(signals);
        REQUIRE(pool.open(512).has_value());
    }
    void open() {
        REQUIRE(nic->prepare().has_value());
        REQUIRE(nic->open(ears).has_value());
    }
    net::Packet packet(const FakeCard::Bytes& bytes, std::size_t parts = 1) {
        net::Packet made;
        for (std::size_t part = 0; part != parts; ++part) {
            const std::size_t from = bytes.size() * part / parts, to = bytes.size() * (part + 1) / parts;
            net::Packet one = *pool.take();
            one.first().size = static_cast<std::uint32_t>(to - from);
            if (from != to) std::memcpy(one.first().data, &bytes[from], to - from);
            made.append(std::move(one));
        }
        return made;
    }
    bool send(net::Packet packet) { return nic->send(0, std::span(&packet, 1)) == 1; }
    net::Packet receive() {
        net::Packet packet;
        const std::size_t count = nic->receive(0, std::span(&packet, 1));
        REQUIRE(count == (packet ? 1 : 0));
        return packet;
    }
    std::size_t outside() const { return pool.statistics().count - pool.statistics().free; }
};

inline FakeCard::Bytes bytes_of(const std::string& text) { return {text.begin(), text.end()}; }
inline FakeCard::Bytes some(std::size_t size) {
    FakeCard::Bytes bytes(size);
    for (std::size_t i = 0; i != size; ++i) bytes[i] = static_cast<std::uint8_t>(i * 7 + 1);
    return bytes;
}
inline FakeCard::Bytes bytes_of(const net::Packet& packet) {
    FakeCard::Bytes bytes(packet.size());
    packet.copy_to(std::as_writable_bytes(std::span(bytes)));
    return bytes;
}

}  // namespace unicore::test
