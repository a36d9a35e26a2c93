// SPDX-License-Identifier: BSD-3-Clause
// Back-ends that lie: each way by itself, then all of them as seeds have it.
#include "wire.hpp"

#include <unicore/net/xen/config.hpp>
#include <unicore/platform.hpp>
#include <unicore/xen/grants.hpp>
#include <unicore/xen/simulator/cases.hpp>

#include <catch2/catch.hpp>

#include <array>
#include <cstring>
#include <memory>
#include <random>
#include <vector>

using namespace unicore;
using namespace unicore::test;
using namespace std::chrono_literals;
using net::Packet;
using net::xen::Interface;
using xen::ring::Header;

namespace {

Header& transmit(Netback& back) { return *reinterpret_cast<Header*>(back.queues()[0].transmit_page.bytes().data()); }
Header& receive(Netback& back) { return *reinterpret_cast<Header*>(back.queues()[0].receive_page.bytes().data()); }

netif_extra_info extra(std::uint8_t type, std::uint8_t flags, std::uint16_t size = 1400, std::uint8_t gso = 1) {
    netif_extra_info extra{.type = type, .flags = flags, .u = {}};
    extra.u.gso.size = size;
    extra.u.gso.type = gso;
    return extra;
}

/// Whether the device notices what the back-end does: it is down then, keeps nothing, and works again with one that is
/// honest.
void caught(const std::function<void(Netback&)>& lie) {
    Wire wire(1);
    wire.echoing = false;
    wire.run([&](Interface& interface) {
        Woken listener;
        REQUIRE(interface.open(listener).has_value());
        std::array<Packet, 3> sent;
        for (Packet& packet : sent) packet = wire.packet(frame(60));
        REQUIRE(interface.send(0, sent) == 3);
        wire.on_back(lie);
        std::array<Packet, 8> into;
        CHECK(interface.receive(0, into) == 0);
        interface.reclaim(0);
        CHECK_FALSE(interface.link().up);
        CHECK(listener.changes == 1);
        sent[0] = wire.packet(frame(60));
        CHECK(interface.send(0, std::span(sent).first(1)) == 0);
        CHECK(interface.await(0, net::Device::Event::received));
        CHECK(Wire::until([&] {
            return wire.store.tree().read("/local/domain/1/error/device/vif/0/error") == to_string(Error::device_error);
        }));
        CHECK(wire.store.tree().read("/local/domain/1/device/vif/0/state") == "6");
        CHECK(interface.send(0, std::span(sent).first(1)) == 0);

        wire.on_back([&](Netback& back) { back.close(); });
        wire.store.tree().write("/local/domain/2/backend/vif/1/0/state", "1");
        wire.store.deliver();
        wire.on_back([](Netback& back) { CHECK(back.start().has_value()); });
        CHECK(Wire::until([&] { return interface.link().up; }));
        CHECK(interface.take_held() == 0);
        wire.echoing = true;
        REQUIRE(interface.send(0, std::span(sent).first(1)) == 1);
        CHECK(Wire::bytes(Wire::received(interface)) == frame(60));
    });
}

void answers(const std::vector<Answer>& what) {
    caught([&](Netback& back) { REQUIRE(back.answer(what)); });
}

void answer_sent(std::uint16_t id, std::int16_t status) {
    caught([&](Netback& back) {
        auto& ring = back.queues()[0].transmit;
        net::xen::TransmitRequest request;
        REQUIRE(ring.take(request).value());
        REQUIRE(ring.put({.id = id == 0 ? request.request.id : id, .status = status}).has_value());
        static_cast<void>(ring.publish());
    });
}

}  // namespace

TEST_CASE("indices that cannot be are lies") {
    for (const std::uint32_t ahead : {4U, 1000U, 0x80000000U, 0xffffffffU}) {
        caught([&](Netback& back) { transmit(back).responses.producer = ahead; });
        constexpr std::uint32_t posted = net::xen::config::receive / 4;
        caught([&](Netback& back) { receive(back).responses.producer = ahead > 4 ? ahead : posted + 1; });
    }
}

TEST_CASE("answers to what was not sent are lies") {
    answer_sent(net::xen::config::transmit, NETIF_RSP_OKAY);
    answer_sent(0xffff, NETIF_RSP_OKAY);
    answer_sent(7, NETIF_RSP_OKAY);  // a page that is not in use
    answer_sent(0, NETIF_RSP_NULL);  // where nothing more was said
    answer_sent(0, 2);
    answer_sent(0, -3);
    caught([](Netback& back) {  // the same answer twice
        auto& ring = back.queues()[0].transmit;
        net::xen::TransmitRequest first, second;
        REQUIRE(ring.take(first).value());
        REQUIRE(ring.take(second).value());
        for (int i = 0; i < 2; ++i) REQUIRE(ring.put({.id = first.request.id, .status = NETIF_RSP_OKAY}).has_value());
        static_cast<void>(ring.publish());
    });
}

TEST_CASE("answers that are not in their request's place are lies") {
    answers({{.bytes = frame(60), .id = 1}});
    answers({{.bytes = frame(60), .id = 0xffff}});
    answers({{.flags = NETRXF_more_data, .bytes = frame(60)}, {.bytes = frame(60), .id = 0}});
}

TEST_CASE("parts that are not in their page are lies") {
    answers({{.offset = 4096, .status = 1}});
    answers({{.offset = 0, .status = 4097}});
    answers({{.offset = 4095, .status = 2}});
    answers({{.offset = 0xffff, .status = 32767}});
}

TEST_CASE("flags and things said that nobody asked for are lies") {
    answers({{.flags = NETRXF_gso_prefix, .bytes = frame(60)}});
    answers({{.flags = 0x8000, .bytes = frame(60)}});
    answers({{.flags = NETRXF_more_data, .bytes = frame(60)}, {.flags = NETRXF_extra_info, .bytes = frame(60)}});
    const auto said = [](const netif_extra_info& what) {
        answers({{.flags = NETRXF_extra_info, .bytes = tcp_frame(60)}, {.extra = what}});
    };
    said(extra(XEN_NETIF_EXTRA_TYPE_NONE, 0));
    said(extra(XEN_NETIF_EXTRA_TYPE_MCAST_ADD, 0));
    said(extra(XEN_NETIF_EXTRA_TYPE_HASH, 0));
    said(extra(255, 0));
    said(extra(XEN_NETIF_EXTRA_TYPE_GSO, 2));
    said(extra(XEN_NETIF_EXTRA_TYPE_GSO, 0, 0));
    said(extra(XEN_NETIF_EXTRA_TYPE_GSO, 0, 1400, XEN_NETIF_GSO_TYPE_NONE));
    said(extra(XEN_NETIF_EXTRA_TYPE_GSO, 0, 1400, 3));
}

TEST_CASE("a packet without an end is a lie") {
    answers(std::vector<Answer>(41, {.flags = NETRXF_more_data, .bytes = "x"}));
    std::vector<Answer> more(42, {.extra = extra(XEN_NETIF_EXTRA_TYPE_GSO, XEN_NETIF_EXTRA_FLAG_MORE)});
    more[0] = {.flags = NETRXF_extra_info, .bytes = tcp_frame(60)};
    answers(more);
}

TEST_CASE("a page that is answered and held on to is a lie, and is not used again") {
    Wire wire(2);
    wire.echoing = false;
    wire.run([&](Interface& interface) {
        Woken listener;
        REQUIRE(interface.open(listener).has_value());
        xen::grants::Mapping held;
        wire.on_back([&](Netback& back) {
            REQUIRE(back.requests() != 0);
            netif_rx_request first{};
            std::memcpy(&first, back.queues()[0].receive_page.bytes().data() + sizeof(Header), sizeof first);
            held = xen::grants::Mapping::map(Wire::front_id, first.gref, xen::grants::Access::read_write).value();
            REQUIRE(back.answer({{.bytes = frame(60)}}));
        });
        Packet packet;
        CHECK(interface.receive(0, std::span(&packet, 1)) == 0);
        CHECK_FALSE(interface.link().up);
        CHECK(Wire::until([&] { return interface.bus().phase() == xen::bus::Device::Phase::closed; }));
        CHECK(interface.take_held() == 1);
        // Also with the next back-end, while the first has the page.
        wire.on_back([&](Netback& back) { back.close(); });
        wire.store.tree().write("/local/domain/2/backend/vif/1/0/state", "1");
        wire.store.deliver();
        wire.on_back([](Netback& back) { CHECK(back.start().has_value()); });
        CHECK(Wire::until([&] { return interface.link().up; }));
        wire.echoing = true;
        for (unsigned i = 0; i < 300; ++i) {
            packet = wire.packet(frame(60, i));
            REQUIRE(interface.send(0, std::span(&packet, 1)) == 1);
            packet = Wire::received(interface);
            REQUIRE(Wire::bytes(packet) == frame(60, i));
            wire.on_back([&](Netback&) { std::memset(held.bytes().data(), 0xee, held.bytes().size()); });
            REQUIRE(Wire::bytes(packet) == frame(60, i));
        }
        CHECK(interface.take_held() == 1);
        packet.clear();
        wire.on_back([&](Netback&) { held = xen::grants::Mapping(); });
        CHECK(interface.take_held() == 0);
    });
}

namespace {

/// Does something that back-ends may, or may not.
class Liar {
public:
    explicit Liar(std::uint64_t seed) : random_(seed) {}

    void turn(Netback& back, Wire& wire) {
        if (!back.attached() || back.queues().empty()) {
            come_again(back, wire);
            return;
        }
        Netback::Queue& queue = back.queues()[0];
        for (std::uint64_t left = random_() % 6; left != 0; --left) {
            switch (random_() % (honest() ? 4 : 16)) {
                case 0: case 1: drain(queue, back); break;
                case 2: case 3: fill(queue, back); break;
                case 4: word(transmit(back)) += static_cast<std::uint32_t>(random_() % 3) - 1; break;
                case 5: word(receive(back)) += static_cast<std::uint32_t>(random_() % 5) - 1; break;
                case 6:
                    word(random_() % 2 == 0 ? transmit(back) : receive(back)) = static_cast<std::uint32_t>(random_());
                    break;
                case 7: scribble(queue); break;
                case 8: hold(queue); break;
                case 9: if (!held_.empty()) held_.erase(held_.begin()); break;
                case 10: for (auto& channel : queue.channels) if (channel.port() != 0) channel.notify(); break;
                case 11: show(back); return;
                default: fill(queue, back); break;
            }
        }
        if (random_() % 64 == 0) {
            back.close();
            held_.clear();
        }
    }

private:
    bool honest() { return random_() % 4 != 0; }

    static std::uint32_t& word(Header& header) { return header.responses.producer; }

    void come_again(Netback& back, Wire& wire) {
        if (random_() % 8 != 0) return;
        held_.clear();
        back.close();
        wire.store.tree().write("/local/domain/2/backend/vif/1/0/state", "1");
        wire.store.deliver();
        static_cast<void>(back.start());
    }
    void show(Netback& back) {
        static_cast<void>(xen::store::write_number(xen::store::Path{back.device().path(), "state"}, random_() % 10));
    }
    void scribble(Netback::Queue& queue) {
        const auto page = (random_() % 2 == 0 ? queue.transmit_page : queue.receive_page).bytes();
        for (std::uint64_t left = random_() % 8; left != 0; --left)
            page[random_() % page.size()] = static_cast<std::byte>(random_());
    }
    void hold(Netback::Queue& queue) {
        netif_rx_request request{};
        const std::size_t place = sizeof(Header) + random_() % 64 * sizeof request;
        std::memcpy(&request, queue.receive_page.bytes().data() + place, sizeof request);
        if (auto mapping = xen::grants::Mapping::map(Wire::front_id, request.gref, xen::grants::Access::read_write))
            held_.push_back(std::move(*mapping));
    }
    /// Answers what was sent, mostly as it should.
    void drain(Netback::Queue& queue, Netback&) {
        net::xen::TransmitRequest request;
        bool extra = false, said = false;
        while (queue.transmit.take(request).value_or(false)) {
            netif_tx_response response{.id = request.request.id, .status = NETIF_RSP_OKAY};
            said = std::exchange(extra, !extra && (request.request.flags & NETTXF_extra_info) != 0);
            if (said) response.status = NETIF_RSP_NULL;
            if (random_() % 400 == 0) response.status = static_cast<std::int16_t>(random_() % 5) - 3;
            if (random_() % 400 == 0) response.id = static_cast<std::uint16_t>(random_() % 70);
            if (!queue.transmit.put(response)) return;
            if (random_() % 64 == 0) break;
        }
        if (queue.transmit.publish()) queue.channels[0].notify();
        static_cast<void>(queue.transmit.more());
    }
    /// Gives packets, mostly as it should.
    void fill(Netback::Queue& queue, Netback&) {
        netif_rx_request request{};
        bool more = false, extra = false;
        for (std::uint64_t left = random_() % 24; left != 0 && queue.receive.take(request).value_or(false); --left) {
            net::xen::ReceiveResponse response{};
            if (std::exchange(extra, false)) {
                response.extra = test_extra();
            } else {
                const std::string bytes =
                    random_() % 2 == 0 ? tcp_frame(random_() % 2000, random_() % 2 == 0) : frame(random_() % 2000);
                copy_to(Wire::front_id, request.gref, 0, bytes.data(), bytes.size());
                response.response = {.id = request.id, .offset = 0, .flags = static_cast<std::uint16_t>(random_() & 3),
                                     .status = static_cast<std::int16_t>(bytes.size())};
                if (!more && random_() % 4 == 0) response.response.flags |= NETRXF_extra_info, extra = true;
                more = random_() % 3 == 0;
                if (more) response.response.flags |= NETRXF_more_data;
                odd(response.response);
            }
            if (!queue.receive.put(response)) return;
        }
        if (queue.receive.publish()) queue.receive_channel().notify();
        static_cast<void>(queue.receive.more());
    }
    void odd(netif_rx_response& response) {
        switch (random_() % 400) {
            case 0: response.id = static_cast<std::uint16_t>(random_()); break;
            case 1: response.offset = static_cast<std::uint16_t>(random_()); break;
            case 2: response.flags = static_cast<std::uint16_t>(random_()); break;
            case 3: response.status = static_cast<std::int16_t>(random_()); break;
            default: break;
        }
    }
    netif_extra_info test_extra() {
        if (random_() % 64 == 0)
            return extra(static_cast<std::uint8_t>(random_()), static_cast<std::uint8_t>(random_() % 3),
                         static_cast<std::uint16_t>(random_()), static_cast<std::uint8_t>(random_() % 4));
        return extra(XEN_NETIF_EXTRA_TYPE_GSO, 0, 1400, static_cast<std::uint8_t>(1 + random_() % 2));
    }

    std::mt19937_64 random_;
    std::vector<xen::grants::Mapping> held_;
};

/// All bytes of a packet, twice: they must be there and stay as they are.
void look(const Packet& packet) {
    const std::string once = Wire::bytes(packet);
    REQUIRE(packet.bytes().size() >= net::ethernet_header_size);
    for (const net::Buffer* part = &packet.first(); part != nullptr; part = part->next) REQUIRE(part->size != 0);
    const net::Offload& offload = packet.offload();
    if (offload.checksum == net::Offload::Checksum::partial)
        REQUIRE(std::size_t{offload.checksum_start} + offload.checksum_offset + 2 <= packet.bytes().size());
    if (offload.segments != net::Offload::Segments::none) REQUIRE(offload.segment_size != 0);
    Wire::rest();
    REQUIRE(Wire::bytes(packet) == once);
}

unsigned long received_all, connected_all, broken_all;

void lies(std::uint64_t seed) {
    INFO(xen::simulator::replay(seed));
    std::mt19937_64 random(seed);
    // What it holds goes with its domain, whose code is not unwound.
    static std::vector<std::unique_ptr<Liar>>& forgotten = *new std::vector<std::unique_ptr<Liar>>;
    Liar& liar = *forgotten.emplace_back(std::make_unique<Liar>(seed));
    Wire wire(seed);
    wire.echoing = false;
    wire.bus_only = true;
    wire.each_turn = [&](Netback& back) { liar.turn(back, wire); };
    wire.run([&](Interface& interface) {
        Woken listener;
        std::vector<Packet> kept;
        bool up = false;
        for (unsigned round = 0; round < 150; ++round) {
            if (interface.link().up != up) {
                up = !up;
                ++(up ? connected_all : broken_all);
            }
            switch (random() % 8) {
                case 0: static_cast<void>(interface.open(listener)); break;
                case 1: if (random() % 4 == 0) interface.close(); break;
                case 2: static_cast<void>(interface.await(0, net::Device::Event::received_or_room)); break;
                case 3: interface.reclaim(0); break;
                case 4: if (!kept.empty()) kept.erase(kept.begin()); break;
                case 5: {
                    const std::string bytes = random() % 2 == 0 ? frame(random() % 1500) : tcp_frame(random() % 9000);
                    Packet packet = wire.packet(bytes, 1 + random() % 3);
                    if (packet.size() > 1600)
                        packet.offload() = {.checksum = net::Offload::Checksum::partial,
                                            .segments = net::Offload::Segments::tcp4,
                                            .segment_size = 1400,
                                            .checksum_start = 34,
                                            .checksum_offset = 16};
                    static_cast<void>(interface.send(0, std::span(&packet, 1)));
                    break;
                }
                default: {
                    std::array<Packet, 4> into;
                    const std::size_t count = interface.receive(0, into);
                    for (std::size_t i = 0; i != count; ++i) {
                        look(into[i]);
                        ++received_all;
                        if (kept.size() < 100) kept.push_back(std::move(into[i]));
                    }
                }
            }
            if (random() % 2 == 0) Wire::rest();
        }
        kept.clear();
        wire.simulation.destroy(*wire.back);  // it may hold what is ours
    });
}

}  // namespace

TEST_CASE("whatever a back-end does, the device breaks at most, and everything comes back") {
    received_all = broken_all = connected_all = 0;
    xen::simulator::for_each_case(40, lies);
    // They got somewhere.
    INFO(received_all << " packets, " << connected_all << " connections, " << broken_all << " of which broke");
    if (from_environment("UNICORE_CASES", 40) >= 40 && from_environment("UNICORE_SEED", 0) == 0) {
        CHECK(received_all > 300);
        CHECK(connected_all > 40);
        CHECK(broken_all > 20);
    }
}
