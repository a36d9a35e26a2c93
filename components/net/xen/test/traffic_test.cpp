// SPDX-License-Identifier: BSD-3-Clause
// Packets in both directions: sizes, parts, offloads, room, events, counts.
#include "wire.hpp"

#include <unicore/net/checksum.hpp>
#include <unicore/net/xen/config.hpp>

#include <catch2/catch.hpp>

#include <array>
#include <cstring>
#include <random>
#include <vector>

using namespace unicore;
using namespace unicore::test;
using net::Device;
using net::Offload;
using net::Packet;
using net::xen::Interface;

namespace {

constexpr unsigned posted = net::xen::config::receive / 4;

struct Opened : Wire {
    explicit Opened(std::uint64_t seed, Netback::Values values = Netback::usual()) : Wire(seed, std::move(values)) {}
    void run(const std::function<void(Interface&)>& body) {
        Wire::run([&](Interface& interface) {
            REQUIRE(interface.open(listener).has_value());
            on_back([](Netback& back) {
                if (back.requests() < posted) REQUIRE(back.queues()[0].receive.more().has_value());
                CHECK(back.requests() == posted);
            });
            body(interface);
        });
    }
    std::size_t send(Interface& interface, std::string_view text, const Offload& offload = {}, std::size_t parts = 1) {
        Packet packet = this->packet(text, parts);
        packet.offload() = offload;
        return interface.send(0, std::span(&packet, 1));
    }
    std::vector<RingPacket> taken() {
        std::vector<RingPacket> packets;
        on_back([&](Netback& back) { packets = back.take(); });
        return packets;
    }
    bool give(const RingPacket& packet, std::size_t page = 4096) {
        bool given = false;
        on_back([&](Netback& back) { given = back.give(packet, 0, page); });
        return given;
    }
    Woken listener;
};

netif_extra_info gso(std::uint16_t size, std::uint8_t type) {
    netif_extra_info extra{.type = XEN_NETIF_EXTRA_TYPE_GSO, .flags = 0, .u = {}};
    extra.u.gso.size = size;
    extra.u.gso.type = type;
    return extra;
}

constexpr Offload four{.checksum = Offload::Checksum::partial, .checksum_start = 34, .checksum_offset = 16};
constexpr Offload six{.checksum = Offload::Checksum::partial, .checksum_start = 54, .checksum_offset = 16};
constexpr Offload segments(Offload offload, Offload::Segments kind, std::uint16_t size) {
    offload.segments = kind;
    offload.segment_size = size;
    return offload;
}

}  // namespace

TEST_CASE("frames of all sizes, in all numbers of parts, come back as they were") {
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
        Opened wire(seed);
        wire.mtu = seed < 4 ? 1500 : 9000;
        wire.run([&](Interface& interface) {
            std::mt19937 random(static_cast<unsigned>(seed));
            std::uint64_t packets = 0, bytes = 0;
            for (unsigned i = 0; i < 100; ++i) {
                const std::string text = frame(random() % (wire.mtu + 1U), i);
                REQUIRE(wire.send(interface, text, {}, 1 + random() % 8) == 1);
                CHECK(Wire::bytes(Wire::received(interface)) == text);
                ++packets;
                bytes += text.size();
            }
            const net::Statistics counts = interface.statistics();
            CHECK((counts.sent.packets == packets && counts.received.packets == packets));
            CHECK((counts.sent.bytes == bytes && counts.received.bytes == bytes));
            CHECK((counts.sent.errors == 0 && counts.sent.dropped == 0 && counts.received.errors == 0 &&
                   counts.received.dropped == 0));
        });
    }
}

TEST_CASE("a burst goes out in order, and what has no room stays") {
    Opened wire(20);
    wire.run([&](Interface& interface) {
        wire.echoing = false;
        std::vector<Packet> burst;
        for (unsigned i = 0; i < 100; ++i) burst.push_back(wire.packet(frame(60, i)));
        constexpr std::size_t room = net::xen::config::transmit;
        REQUIRE(interface.send(0, burst) == room);
        for (std::size_t i = 0; i != burst.size(); ++i) CHECK(static_cast<bool>(burst[i]) == (i >= room));
        CHECK(interface.send(0, std::span(burst).subspan(room)) == 0);
        // Who waits for packets only is not woken by room, who waits for that is, once there is half of it.
        CHECK(interface.await(0, Device::Event::received));
        auto packets = wire.taken();
        REQUIRE(packets.size() == room);
        for (unsigned i = 0; i != room; ++i) CHECK(packets[i].bytes == frame(60, i));
        Wire::rest();
        CHECK(wire.listener.calls == 0);
        CHECK_FALSE(interface.await(0, Device::Event::received_or_room));
        REQUIRE(interface.send(0, std::span(burst).subspan(room)) == burst.size() - room);
        std::vector<Packet> more;
        for (unsigned i = 0; i < room; ++i) more.push_back(wire.packet(frame(60, 1000 + i)));
        const std::size_t taken = interface.send(0, more);
        CHECK(taken == room - (burst.size() - room));
        CHECK(interface.await(0, Device::Event::received_or_room));
        CHECK(wire.listener.calls == 0);
        packets = wire.taken();
        CHECK(packets.size() == room);
        CHECK(Wire::until([&] { return wire.listener.calls == 1; }));
        CHECK(interface.send(0, std::span(more).subspan(taken)) == more.size() - taken);
        more.clear();
    });
}

TEST_CASE("who is busy is not interrupted, and who waits is woken once") {
    for (const bool split : {true, false}) {
        auto values = Netback::usual();
        if (!split) values.erase("feature-split-event-channels");
        Opened wire(21, values);
        wire.run([&](Interface& interface) {
            wire.echoing = false;
            const std::uint64_t before = interface.statistics().interrupts;
            for (unsigned i = 0; i < 20; ++i) {
                REQUIRE(wire.give({.bytes = frame(60, i)}));
                CHECK(Wire::bytes(Wire::received(interface)) == frame(60, i));
                REQUIRE(wire.send(interface, frame(60)) == 1);
                wire.taken();
            }
            CHECK(interface.statistics().interrupts == before);
            CHECK(wire.listener.calls == 0);
            for (unsigned i = 0; i < 20; ++i) {
                CHECK(interface.await(0, Device::Event::received));
                for (unsigned more = 0; more < 3; ++more) REQUIRE(wire.give({.bytes = frame(60, i)}));
                CHECK(Wire::until([&] { return wire.listener.calls == i + 1; }));
                CHECK_FALSE(interface.await(0, Device::Event::received));
                for (unsigned more = 0; more < 3; ++more) CHECK(Wire::received(interface));
            }
            CHECK(wire.listener.calls == 20);
            CHECK(wire.listener.last == 0);
            CHECK(interface.statistics().interrupts == before + 20);
        });
    }
}

TEST_CASE("events that nobody asked for wake nobody") {
    Opened wire(33);
    wire.run([&](Interface& interface) {
        const auto notify = [&] {
            wire.on_back([](Netback& back) {
                for (auto& channel : back.queues()[0].channels) channel.notify();
            });
            Wire::rest();
        };
        notify();
        CHECK(wire.listener.calls == 0);
        CHECK(interface.await(0, Device::Event::received));
        for (unsigned i = 0; i < 3; ++i) notify();
        CHECK(wire.listener.calls == 1);  // who waits looks again, once
        CHECK(interface.statistics().interrupts > 1);
    });
}

TEST_CASE("the back-end is notified only when it sleeps") {
    Opened wire(22);
    wire.run([&](Interface& interface) {
        wire.echoing = false;
        unsigned before = 0, after = 0;
        wire.on_back([&](Netback& back) {
            back.take();
            before = back.events();
        });
        for (unsigned i = 0; i < 10; ++i) REQUIRE(wire.send(interface, frame(60)) == 1);
        wire.on_back([&](Netback& back) { after = back.events(); });
        CHECK(after == before + 1);
    });
}

TEST_CASE("checksums and segments are left to the back-end as it knows them") {
    Opened wire(23);
    wire.run([&](Interface& interface) {
        wire.echoing = false;
        REQUIRE(wire.send(interface, tcp_frame(100), four) == 1);
        REQUIRE(wire.send(interface, tcp_frame(100, true), six) == 1);
        REQUIRE(wire.send(interface, tcp_frame(20000), segments(four, Offload::Segments::tcp4, 1400), 4) == 1);
        REQUIRE(wire.send(interface, tcp_frame(65535 - 74, true), segments(six, Offload::Segments::tcp6, 1426)) == 1);
        REQUIRE(wire.send(interface, tcp_frame(1000), segments(four, Offload::Segments::tcp4, 1400)) == 1);
        REQUIRE(wire.send(interface, frame(60)) == 1);
        const auto packets = wire.taken();
        REQUIRE(packets.size() == 6);
        for (std::size_t i = 0; i != 5; ++i) CHECK((packets[i].blank && packets[i].validated));
        CHECK_FALSE((packets[5].blank || packets[5].validated || packets[5].extra));
        CHECK_FALSE((packets[0].extra || packets[1].extra || packets[4].extra));  // one segment is none
        CHECK(packets[2].bytes == tcp_frame(20000));
        CHECK(packets[2].slots == 5);
        CHECK((packets[2].extra->u.gso.size == 1400 && packets[2].extra->u.gso.type == XEN_NETIF_GSO_TYPE_TCPV4));
        CHECK(packets[3].bytes == tcp_frame(65535 - 74, true));
        CHECK(packets[3].slots == 16);
        CHECK((packets[3].extra->u.gso.size == 1426 && packets[3].extra->u.gso.type == XEN_NETIF_GSO_TYPE_TCPV6));
        CHECK(interface.statistics().sent.errors == 0);
        // The answers to all that, and as much again.
        for (unsigned round = 0; round < 30; ++round) {
            REQUIRE(wire.send(interface, tcp_frame(65000), segments(four, Offload::Segments::tcp4, 1400)) == 1);
            CHECK(wire.taken().size() == 1);
        }
    });
}

TEST_CASE("a checksum that the back-end would not find is completed") {
    Opened wire(24);
    wire.run([&](Interface& interface) {
        wire.echoing = false;
        for (std::size_t size = 60; size < 1400; size += 111) {
            std::string text = frame(size);
            text[50] = text[51] = 0;
            constexpr Offload odd{.checksum = Offload::Checksum::partial, .checksum_start = 31, .checksum_offset = 19};
            REQUIRE(wire.send(interface, text, odd) == 1);
            const auto packets = wire.taken();
            REQUIRE(packets.size() == 1);
            CHECK_FALSE(packets[0].blank);
            net::Checksum sum;
            sum.add(std::as_bytes(std::span(packets[0].bytes)).subspan(31));
            // The field is at an odd place of what is summed.
            CHECK(sum.sum() != 0);
            std::string bytes = packets[0].bytes;
            const std::string field = bytes.substr(50, 2);
            bytes[50] = bytes[51] = 0;
            CHECK(bytes == text);
            net::Checksum whole;
            whole.add(std::as_bytes(std::span(text)).subspan(31));
            std::uint16_t expected = whole.result(), written = 0;
            std::memcpy(&written, field.data(), 2);
            CHECK(written == expected);
        }
    });
}

TEST_CASE("what cannot be sent ends, and is counted") {
    Opened wire(25);
    wire.run([&](Interface& interface) {
        wire.echoing = false;
        using Segments = Offload::Segments;
        constexpr Offload behind{.checksum = Offload::Checksum::partial, .checksum_start = 60, .checksum_offset = 16};
        std::uint64_t errors = 0;
        const auto refused = [&](std::string_view text, const Offload& offload, std::size_t parts = 1) {
            CHECK(wire.send(interface, text, offload, parts) == 1);
            CHECK(interface.statistics().sent.errors == ++errors);
        };
        refused("", {});
        refused("thirteen byte", {});
        refused(frame(1501), {});
        refused(frame(200), {}, net::xen::Transmitter::most_parts + 1);
        refused(frame(60), behind);                                       // which has no 78 bytes
        refused(tcp_frame(60), {.checksum = Offload::Checksum::partial, .checksum_start = 13, .checksum_offset = 16});
        refused(tcp_frame(3000), segments({}, Segments::tcp4, 1400));       // without a checksum to complete
        refused(tcp_frame(3000), segments(four, Segments::tcp6, 1400));     // the other version
        refused(tcp_frame(3000), segments(four, Segments::tcp4, 0));
        refused(tcp_frame(3000), segments(four, Segments::tcp4, 1461));     // longer than the MTU
        refused(tcp_frame(0), segments(four, Segments::tcp4, 1400));        // nothing to cut
        refused(tcp_frame(65535 - 53), segments(four, Segments::tcp4, 1400));
        refused(frame(3000), segments(four, Segments::tcp4, 1400));
        CHECK(wire.taken().empty());
        CHECK(interface.statistics().sent.packets == 0);
        REQUIRE(wire.send(interface, frame(1500)) == 1);
        CHECK(wire.taken().size() == 1);
    });
}

TEST_CASE("what the back-end does not send is counted") {
    Opened wire(26);
    wire.run([&](Interface& interface) {
        wire.echoing = false;
        for (const std::int16_t status : {NETIF_RSP_ERROR, NETIF_RSP_DROPPED, NETIF_RSP_OKAY}) {
            REQUIRE(wire.send(interface, tcp_frame(20000), segments(four, Offload::Segments::tcp4, 1400)) == 1);
            wire.on_back([&](Netback& back) { CHECK(back.take(0, status).size() == 1); });
            interface.reclaim(0);
        }
        CHECK(interface.statistics().sent.dropped == 2);
        CHECK(interface.link().up);
    });
}

TEST_CASE("what was checked, what is partial and what was merged is told of received packets") {
    Opened wire(27);
    wire.run([&](Interface& interface) {
        wire.echoing = false;
        const auto given = [&](const RingPacket& packet, std::size_t page = 4096) {
            REQUIRE(wire.give(packet, page));
            Packet received = Wire::received(interface);
            CHECK(Wire::bytes(received) == packet.bytes);
            for (const net::Buffer* part = &received.first(); part != nullptr; part = part->next)
                CHECK(part->size != 0);
            return received.offload();
        };
        CHECK(given({.bytes = frame(100)}) == Offload{});
        CHECK(given({.bytes = frame(100), .validated = true}) == Offload{.checksum = Offload::Checksum::verified});
        CHECK(given({.bytes = tcp_frame(100), .validated = true, .blank = true}) == four);
        CHECK(given({.bytes = tcp_frame(100, true), .blank = true}) == six);
        CHECK(given({.bytes = tcp_frame(60000), .blank = true, .extra = gso(1400, XEN_NETIF_GSO_TYPE_TCPV4)}) ==
              segments(four, Offload::Segments::tcp4, 1400));
        CHECK(given({.bytes = tcp_frame(60000, true), .blank = true, .extra = gso(1200, XEN_NETIF_GSO_TYPE_TCPV6)},
                    2048) ==
              segments(six, Offload::Segments::tcp6, 1200));
        CHECK(given({.bytes = frame(8000)}) == Offload{});

        // Merged, and whole: it is made partial, as that is what can be sent on.
        REQUIRE(wire.give({.bytes = tcp_frame(5000), .extra = gso(1400, XEN_NETIF_GSO_TYPE_TCPV4)}));
        Packet merged = Wire::received(interface);
        REQUIRE(merged);
        CHECK(merged.offload() == segments(four, Offload::Segments::tcp4, 1400));
        std::string bytes = Wire::bytes(merged);
        CHECK((bytes[50] != 0 || bytes[51] != 0));
        bytes[50] = bytes[51] = 0;
        CHECK(bytes == tcp_frame(5000));
        CHECK(interface.statistics().received.errors == 0);
    });
}

TEST_CASE("what is no packet is left out and counted") {
    Opened wire(28);
    wire.run([&](Interface& interface) {
        wire.echoing = false;
        std::uint64_t errors = 0;
        const auto left_out = [&](const std::vector<Answer>& answers) {
            wire.on_back([&](Netback& back) { REQUIRE(back.answer(answers)); });
            REQUIRE(wire.give({.bytes = frame(60)}));
            CHECK(Wire::bytes(Wire::received(interface)) == frame(60));
            CHECK(interface.statistics().received.errors == ++errors);
        };
        left_out({{.bytes = "thirteen byte"}});
        left_out({{.status = 0}});
        left_out({{.status = NETIF_RSP_ERROR}});
        left_out({{.status = NETIF_RSP_DROPPED}});
        left_out({{.status = -32768}});
        left_out({{.flags = NETRXF_more_data, .bytes = "thirteen byte"}, {.bytes = frame(60)}});
        left_out({{.flags = NETRXF_more_data, .bytes = frame(60)}, {.status = NETIF_RSP_ERROR}});
        left_out({{.flags = NETRXF_more_data, .status = NETIF_RSP_ERROR}, {.bytes = frame(60)}});
        left_out({{.flags = NETRXF_more_data, .bytes = frame(60)}, {.status = 0}});
        left_out({{.flags = NETRXF_csum_blank, .bytes = frame(60)}});                          // not TCP, not UDP
        left_out({{.flags = NETRXF_csum_blank, .bytes = tcp_frame(60).substr(0, 50)}});
        left_out({{.flags = NETRXF_csum_blank | NETRXF_more_data, .bytes = tcp_frame(60).substr(0, 40)},
                  {.bytes = tcp_frame(60).substr(40)}});
        left_out({{.flags = NETRXF_csum_blank | NETRXF_extra_info, .bytes = tcp_frame(60)},
                  {.extra = gso(1400, XEN_NETIF_GSO_TYPE_TCPV6)}});
        left_out({{.flags = NETRXF_csum_blank | NETRXF_extra_info, .bytes = tcp_frame(0)},
                  {.extra = gso(1400, XEN_NETIF_GSO_TYPE_TCPV4)}});
        std::vector<Answer> long_one;
        for (unsigned i = 0; i < 17; ++i) long_one.push_back({.flags = NETRXF_more_data, .bytes = frame(4096 - 14, i)});
        long_one.back().flags = 0;
        left_out(long_one);
        CHECK(interface.link().up);
        CHECK(interface.statistics().received.packets == errors);
    });
}

TEST_CASE("parts may begin anywhere in their pages") {
    Opened wire(29);
    wire.run([&](Interface& interface) {
        wire.echoing = false;
        wire.on_back([&](Netback& back) {
            REQUIRE(back.answer({{.flags = NETRXF_more_data, .bytes = frame(100, 1), .offset = 256},
                                 {.bytes = std::string(96, 'x'), .offset = 4000}}));
        });
        CHECK(Wire::bytes(Wire::received(interface)) == frame(100, 1) + std::string(96, 'x'));
    });
}

TEST_CASE("who keeps all packets loses new ones, and the device goes on") {
    Opened wire(30);
    wire.run([&](Interface& interface) {
        wire.echoing = false;
        std::vector<Packet> kept;
        unsigned given = 0;
        for (; kept.size() < net::xen::config::receive && given < 400; ++given) {
            REQUIRE(wire.give({.bytes = frame(60, given)}));
            Packet packet;
            if (interface.receive(0, std::span(&packet, 1)) == 1) kept.push_back(std::move(packet));
        }
        CHECK(kept.size() == net::xen::config::receive - posted);
        CHECK(interface.statistics().received.dropped == given - kept.size());
        for (unsigned i = 0; i != kept.size(); ++i) CHECK(Wire::bytes(kept[i]) == frame(60, i));
        kept.clear();
        REQUIRE(wire.give({.bytes = frame(60, 1234)}));
        CHECK(Wire::bytes(Wire::received(interface)) == frame(60, 1234));
    });
}

TEST_CASE("packets outlive their connection") {
    Opened wire(31);
    wire.run([&](Interface& interface) {
        wire.echoing = false;
        REQUIRE(wire.give({.bytes = frame(60, 1)}));
        Packet packet = Wire::received(interface);
        interface.close();
        wire.on_back([](Netback& back) { back.close(); });
        CHECK(Wire::until([&] { return !interface.link().up; }));
        CHECK(Wire::bytes(packet) == frame(60, 1));
    });
}

TEST_CASE("the other end sees nothing but what was sent, and nothing of before in what it is to fill") {
    Opened wire(32);
    wire.run([&](Interface& interface) {
        wire.echoing = false;
        REQUIRE(wire.send(interface, frame(60)) == 1);
        wire.on_back([&](Netback& back) {
            net::xen::TransmitRequest next;
            REQUIRE(back.queues()[0].transmit.take(next).value());
            std::string page(4096, 'x');
            copy_from(Wire::front_id, next.request.gref, 0, page.data(), page.size());
            CHECK(page == frame(60) + std::string(4096 - 74, '\0'));
            CHECK_FALSE(copy_to(Wire::front_id, next.request.gref, 0, "x", 1));  // it may read
            netif_rx_request request;
            static_cast<void>(back.queues()[0].receive.more());
            const auto mapped = xen::grants::Mapping::map(Wire::front_id, back.front.empty() ? 0 : next.request.gref,
                                                          xen::grants::Access::read_only);
            CHECK(mapped.has_value());
            static_cast<void>(request);
        });
        REQUIRE(wire.give({.bytes = frame(10)}));
        CHECK(Wire::received(interface));
    });
}
