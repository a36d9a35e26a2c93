// SPDX-License-Identifier: BSD-3-Clause
#include "../../../../memory/heap/test/fake_pages.hpp"

#include <unicore/net/pool.hpp>
#include <unicore/net/virtio/header.hpp>

#include <catch2/catch.hpp>

#include <cstring>
#include <random>
#include <vector>

using namespace unicore::net;
using unicore::Error;
using virtio::Header;
using virtio::header_for;
using virtio::offload_of;

namespace {

constexpr std::uint16_t ip4 = 14 + 20, ip6 = 14 + 40;  // where TCP starts

/// Packets of `size` bytes in parts of 64 at most, in which TCP's header starts at `start` and has so many bytes.
struct Packets {
    Packets() { REQUIRE(pool.open(1200, 64).has_value()); }
    Packet make(std::size_t size, std::size_t start = 0, std::size_t tcp_size = 0) {
        Packet packet;
        for (std::size_t done = 0; done < size;) {
            Packet part = *pool.take();
            part.first().size = static_cast<std::uint32_t>(std::min<std::size_t>(size - done, 64));
            std::memset(part.bytes().data(), 0, part.bytes().size());
            const std::size_t place = start + 12;
            if (tcp_size != 0 && place >= done && place < done + 64)
                part.bytes()[place - done] = std::byte(tcp_size / 4 << 4);
            done += part.first().size;
            packet.append(std::move(part));
        }
        return packet;
    }
    unicore::net::Pool pool;
};

constexpr Offload partial{.checksum = Offload::Checksum::partial, .checksum_start = ip4, .checksum_offset = 16};
constexpr Offload segments{.checksum = Offload::Checksum::partial, .segments = Offload::Segments::tcp4,
                           .segment_size = 1448, .checksum_start = ip4, .checksum_offset = 16};

}  // namespace

TEST_CASE("the header is as virtio has it in memory") {
    const Header header{1, 4, 0x0302, 0x0504, 0x0706, 0x0908};
    const std::uint8_t bytes[] = {1, 4, 2, 3, 4, 5, 6, 7, 8, 9};
    CHECK(std::memcmp(&header, bytes, sizeof bytes) == 0);
}

TEST_CASE("packets to send without offloads have a header of zeros") {
    unicore::test::reset_fake_pages();
    Packets packets;
    Packet packet = packets.make(60);
    CHECK(*header_for(packet) == Header{});
    packet.offload() = {.checksum = Offload::Checksum::verified, .checksum_start = 9999};  // as it was received
    CHECK(*header_for(packet) == Header{});
}

TEST_CASE("a partial checksum to send is inside of the packet") {
    unicore::test::reset_fake_pages();
    Packets packets;
    Packet packet = packets.make(ip4 + 20);
    packet.offload() = partial;
    CHECK(*header_for(packet) == Header{1, 0, 0, 0, ip4, 16});
    for (const auto& [start, offset] : {std::pair{ip4, 19}, {13, 16}, {0, 16}, {60, 0}, {65535, 65535}}) {
        packet.offload().checksum_start = static_cast<std::uint16_t>(start);
        packet.offload().checksum_offset = static_cast<std::uint16_t>(offset);
        CHECK(header_for(packet).error() == Error::invalid_argument);
    }
    packet.offload().checksum_start = ip4;
    packet.offload().checksum_offset = 18;
    CHECK(header_for(packet).has_value());
}

TEST_CASE("segments to send have the length of all headers, wherever TCP's is") {
    unicore::test::reset_fake_pages();
    Packets packets;
    for (const std::size_t tcp_size : {20, 32, 60}) {
        Packet packet = packets.make(60000, ip4, tcp_size);
        packet.offload() = segments;
        const auto expected = static_cast<std::uint16_t>(ip4 + tcp_size);
        CHECK(*header_for(packet) == Header{1, 1, expected, 1448, ip4, 16});
    }
    Packet packet = packets.make(60000, ip6, 32);  // its data offset is in the second part
    packet.offload() = segments;
    packet.offload().segments = Offload::Segments::tcp6;
    packet.offload().checksum_start = ip6;
    CHECK(*header_for(packet) == Header{1, 4, ip6 + 32, 1448, ip6, 16});
}

TEST_CASE("segments that cannot be are not sent") {
    unicore::test::reset_fake_pages();
    Packets packets;
    const auto refused = [&](std::size_t size, std::size_t tcp_size, const Offload& offload) {
        Packet packet = packets.make(size, ip4, tcp_size);
        packet.offload() = offload;
        const auto header = header_for(packet);
        return !header && header.error() == Error::invalid_argument;
    };
    CHECK_FALSE(refused(2000, 20, segments));
    CHECK(refused(2000, 16, segments));
    CHECK(refused(2000, 0, segments));
    CHECK(refused(ip4 + 20, 20, segments));   // nothing to make segments of
    CHECK(refused(ip4 + 40, 60, segments));   // the options are not all there
    Offload offload = segments;
    offload.segment_size = 0;
    CHECK(refused(2000, 20, offload));
    offload = segments;
    offload.checksum_offset = 6;  // UDP's
    CHECK(refused(2000, 20, offload));
    offload = segments;
    offload.checksum = Offload::Checksum::none;
    CHECK(refused(2000, 20, offload));
}

TEST_CASE("what was received is what was sent") {
    unicore::test::reset_fake_pages();
    Packets packets;
    Offload tcp6 = segments;
    tcp6.segments = Offload::Segments::tcp6;
    for (const Offload& offload : {Offload{}, partial, segments, tcp6}) {
        Packet packet = packets.make(2000, ip4, 20);
        packet.offload() = offload;
        CHECK(*offload_of(*header_for(packet), packet.size()) == offload);
    }
    CHECK(offload_of({Header::data_valid, 0, 0, 0, 0, 0}, 60)->checksum == Offload::Checksum::verified);
}

TEST_CASE("flags and hints that nobody has asked for are ignored") {
    const Header header{0xfc, 0, 65535, 1, 65535, 65535};
    CHECK(*offload_of(header, 60) == Offload{});
}

TEST_CASE("what cannot be is the device's error") {
    const Header good{1, 1, 54, 1448, ip4, 16};
    REQUIRE(offload_of(good, 2000).has_value());
    const auto refused = [&](auto change, std::size_t size = 2000) {
        Header header = good;
        change(header);
        const auto offload = offload_of(header, size);
        return !offload && offload.error() == Error::device_error;
    };
    CHECK(refused([](Header& h) { h.flags = 0; }));           // segments without a partial checksum
    CHECK(refused([](Header& h) { h.flags = 2; }));
    CHECK(refused([](Header& h) { h.gso_size = 0; }));
    CHECK(refused([](Header& h) { h.gso_type = 0x81; }));     // ECN
    CHECK(refused([](Header& h) { h.gso_type = 3; }));        // UDP
    CHECK(refused([](Header& h) { h.gso_type = 5; }));
    CHECK(refused([](Header& h) { h.csum_offset = 6; }));
    CHECK(refused([](Header& h) { h.csum_start = 13; }));
    CHECK(refused([](Header& h) { h.csum_start = 1990; }));
    CHECK(refused([](Header&) {}, ip4 + 20));
    CHECK_FALSE(refused([](Header&) {}, ip4 + 21));
}

TEST_CASE("whatever a device says, what is believed of it is inside of the frame") {
    std::mt19937 random(20261127);
    unsigned believed = 0;
    for (int round = 0; round < 300'000; ++round) {
        const std::size_t size = random() % 3000;
        Header header;
        std::uint8_t bytes[sizeof header];
        for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random() % 4 == 0 ? random() : 0);
        bytes[0] &= 7;
        std::memcpy(&header, bytes, sizeof header);
        const auto offload = offload_of(header, size);
        if (!offload || offload->checksum != Offload::Checksum::partial) continue;
        ++believed;
        REQUIRE(offload->checksum_start >= 14);
        REQUIRE(offload->checksum_start + offload->checksum_offset + 2u <= size);
        if (offload->segments == Offload::Segments::none) continue;
        REQUIRE(offload->segment_size != 0);
        REQUIRE(offload->checksum_start + 20u < size);
    }
    CHECK(believed > 1000);
}
