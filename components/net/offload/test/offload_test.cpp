// SPDX-License-Identifier: BSD-3-Clause
#include "../../../memory/heap/test/fake_pages.hpp"

#include <unicore/net/checksum.hpp>
#include <unicore/net/offload.hpp>
#include <unicore/net/pool.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <random>
#include <vector>

using namespace unicore::net;

namespace {

using Bytes = std::vector<std::uint8_t>;

struct Kind {
    bool six = false;
    std::size_t options = 0;  ///< bytes of them in TCP's header
    std::size_t ip() const { return 14; }
    std::size_t tcp() const { return 14U + (six ? 40 : 20); }
    std::size_t headers() const { return tcp() + 20 + options; }
};

void put(std::uint8_t* at, unsigned value) {
    at[0] = static_cast<std::uint8_t>(value >> 8);
    at[1] = static_cast<std::uint8_t>(value);
}
unsigned get(const std::uint8_t* at) { return static_cast<unsigned>(at[0] << 8 | at[1]); }

/// The sum of the pseudo header, as it is stored.
std::uint16_t pseudo(const Kind& kind, const std::uint8_t* frame, std::size_t size) {
    Checksum sum;
    sum.add(std::as_bytes(std::span(frame + (kind.six ? 22 : 26), kind.six ? 32U : 8U)));
    sum.add_word(6);
    sum.add_word(static_cast<std::uint16_t>(size));
    return sum.sum();
}
std::uint16_t ip_sum(const std::uint8_t* frame) {
    Checksum sum;
    sum.add(std::as_bytes(std::span(frame + 14, 20)));
    return sum.sum();
}

/// As a stack makes it, with a checksum left to the device.
Bytes segment(const Kind& kind, std::uint32_t sequence, const Bytes& payload, std::uint8_t flags = 0x10) {
    Bytes frame(kind.headers());
    for (std::size_t i = 0; i != 12; ++i) frame[i] = static_cast<std::uint8_t>(i + 2);
    put(&frame[12], kind.six ? 0x86dd : 0x0800);
    const std::size_t of_tcp = 20 + kind.options + payload.size();
    if (kind.six) {
        frame[14] = 0x60;
        put(&frame[18], static_cast<unsigned>(of_tcp));
        frame[20] = 6;
        for (std::size_t i = 22; i != 54; ++i) frame[i] = static_cast<std::uint8_t>(i);
    } else {
        frame[14] = 0x45;
        put(&frame[16], static_cast<unsigned>(20 + of_tcp));
        put(&frame[18], sequence);  // an identification
        frame[22] = 64;
        frame[23] = 6;
        for (std::size_t i = 26; i != 34; ++i) frame[i] = static_cast<std::uint8_t>(i);
        const std::uint16_t sum = static_cast<std::uint16_t>(~ip_sum(frame.data()));
        std::memcpy(&frame[24], &sum, 2);
    }
    std::uint8_t* const tcp = &frame[kind.tcp()];
    put(tcp, 80);
    put(tcp + 2, 40000);
    put(tcp + 4, sequence >> 16);
    put(tcp + 6, sequence & 0xffff);
    put(tcp + 10, 777);
    tcp[12] = static_cast<std::uint8_t>((20 + kind.options) / 4 << 4);
    tcp[13] = flags;
    put(tcp + 14, 1000);
    for (std::size_t i = 0; i != kind.options; ++i) tcp[20 + i] = 1;
    const std::uint16_t sum = pseudo(kind, frame.data(), of_tcp);
    std::memcpy(tcp + 16, &sum, 2);
    frame.insert(frame.end(), payload.begin(), payload.end());
    return frame;
}

Bytes payload_of(std::size_t size, unsigned seed) {
    std::mt19937 random(seed);
    Bytes bytes(size);
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
    return bytes;
}

struct World {
    World() {
        unicore::test::reset_fake_pages();
        REQUIRE(pool.open(300).has_value());
        properties.most_parts = 64;
        properties.completes_checksums = properties.segments_tcp4 = properties.segments_tcp6 = true;
    }
    /// In parts, where the first has `in_first` bytes, 0 for all.
    Packet packet(const Kind& kind, const Bytes& frame, std::size_t in_first = 0) {
        Packet made;
        std::size_t done = 0;
        do {
            const std::size_t here = std::min<std::size_t>(in_first != 0 && done == 0 ? in_first : 2000, frame.size() - done);
            Packet part = *pool.take(8);
            part.first().size = static_cast<std::uint32_t>(here);
            std::memcpy(part.bytes().data(), frame.data() + done, here);
            made.append(std::move(part));
            done += here;
        } while (done != frame.size());
        made.offload() = {.checksum = Offload::Checksum::partial,
                          .checksum_start = static_cast<std::uint16_t>(kind.tcp()),
                          .checksum_offset = 16};
        return made;
    }
    std::size_t merge() { return merge_segments(burst, properties); }

    Pool pool;
    Properties properties;
    std::vector<Packet> burst;
};

Bytes bytes_of(const Packet& packet) {
    Bytes bytes(packet.size());
    packet.copy_to(std::as_writable_bytes(std::span(bytes)));
    return bytes;
}

/// What a device makes of a packet: TCP's own way to cut it. Sums stay as pseudo headers' are.
std::vector<Bytes> cut(const Kind& kind, const Packet& packet) {
    const Bytes all = bytes_of(packet);
    const Offload& offload = packet.offload();
    if (offload.segments == Offload::Segments::none) return {all};
    CHECK(offload.segments == (kind.six ? Offload::Segments::tcp6 : Offload::Segments::tcp4));
    CHECK(std::memcmp(&all[kind.tcp() + 16], std::array{pseudo(kind, all.data(), all.size() - kind.tcp())}.data(), 2) == 0);
    if (kind.six) CHECK(get(&all[18]) == all.size() - 54);
    else CHECK((get(&all[16]) == all.size() - 14 && ip_sum(all.data()) == 0xffff));
    std::vector<Bytes> segments;
    std::uint32_t sequence = get(&all[kind.tcp() + 4]) << 16 | get(&all[kind.tcp() + 6]);
    for (std::size_t done = kind.headers(); done != all.size();) {
        const std::size_t here = std::min<std::size_t>(offload.segment_size, all.size() - done);
        const auto from = all.begin() + static_cast<std::ptrdiff_t>(done);
        const bool last = done + here == all.size();
        const std::uint8_t flags = all[kind.tcp() + 13];
        segments.push_back(segment(kind, sequence, Bytes(from, from + static_cast<std::ptrdiff_t>(here)),
                                   static_cast<std::uint8_t>(last ? flags : flags & ~8)));
        sequence += static_cast<std::uint32_t>(here);
        done += here;
    }
    return segments;
}

}  // namespace

TEST_CASE("segments that follow one another are one packet, which is cut into the same") {
    const Kind kind{.six = GENERATE(false, true), .options = GENERATE(std::size_t{0}, std::size_t{12})};
    const std::size_t in_first = GENERATE(std::size_t{0}, std::size_t{1}, std::size_t{100});
    World world;
    std::vector<Bytes> frames;
    std::uint32_t sequence = 0xffff'f000;  // over the end of the numbers
    for (unsigned i = 0; i != 10; ++i) {
        const Bytes payload = payload_of(i == 9 ? 77 : 1400, i);
        frames.push_back(segment(kind, sequence, payload, i == 9 ? 0x18 : 0x10));
        sequence += static_cast<std::uint32_t>(payload.size());
        world.burst.push_back(world.packet(kind, frames.back(), in_first == 1 ? kind.headers() : in_first == 0 ? 0 : kind.headers() + 100));
    }
    REQUIRE(world.merge() == 1);
    CHECK(world.burst[0].offload().segment_size == 1400);
    CHECK(world.burst[0].size() == kind.headers() + 9 * 1400 + 77);
    CHECK(cut(kind, world.burst[0]) == frames);
    if (in_first == 1) CHECK(world.burst[0].parts() == 11);  // nobody's headers but the first's
    world.burst.clear();
    CHECK(world.pool.statistics().free == 300);
}

TEST_CASE("what differs stays alone, in its order") {
    const Kind kind{};
    const Kind six{.six = true};
    const Bytes payload = payload_of(500, 1);
    World world;
    const auto alone = [&](const Bytes& second, const Kind& of_second = Kind{}) {
        const Bytes first = segment(kind, 1000, payload);
        world.burst.clear();
        world.burst.push_back(world.packet(kind, first));
        world.burst.push_back(world.packet(of_second, second));
        const bool two = world.merge() == 2;
        return two && bytes_of(world.burst[0]) == first && bytes_of(world.burst[1]) == second;
    };
    Bytes next = segment(kind, 1500, payload);
    CHECK_FALSE(alone(next));
    CHECK(alone(segment(kind, 1501, payload)));                       // a gap
    CHECK(alone(segment(kind, 1000, payload)));                       // the same again
    CHECK(alone(segment(kind, 1500, payload_of(501, 1))));            // longer
    CHECK(alone(segment(kind, 1500, {})));                            // nothing
    CHECK(alone(segment(kind, 1500, payload, 0x11)));                 // the end of the connection
    CHECK(alone(segment(kind, 1500, payload, 0x14)));
    CHECK(alone(segment(kind, 1500, payload, 0x30)));
    CHECK(alone(segment(kind, 1500, payload, 0x00)));
    CHECK(alone(segment({.options = 12}, 1500, payload), {.options = 12}));
    CHECK(alone(segment(six, 1500, payload), six));
    // Any byte of the headers that is the connection's.
    for (std::size_t place = 0; place != kind.headers(); ++place) {
        const bool its_own = (place >= 18 && place < 20) || (place >= 24 && place < 26) || (place >= 50 && place < 52);
        Bytes other = next;
        other[place] ^= 1;
        INFO("byte " << place);
        CHECK(alone(other) == !its_own);
    }
}

TEST_CASE("a push ends it") {
    const Kind kind{};
    World world;
    for (unsigned i = 0; i != 4; ++i)
        world.burst.push_back(world.packet(kind, segment(kind, 1 + 100 * i, payload_of(100, i), i % 2 == 0 ? 0x10 : 0x18)));
    REQUIRE(world.merge() == 2);
    CHECK(cut(kind, world.burst[1])[1] == segment(kind, 301, payload_of(100, 3), 0x18));
    CHECK_FALSE(world.burst[2]);
}

TEST_CASE("only what the device does, and only with sums that are left to it") {
    const Kind kind{.six = GENERATE(false, true)};
    World world;
    const auto fill = [&] {
        world.burst.clear();
        for (unsigned i = 0; i != 3; ++i) world.burst.push_back(world.packet(kind, segment(kind, 1 + 100 * i, payload_of(100, i))));
    };
    fill();
    world.properties.segments_tcp4 = kind.six;
    world.properties.segments_tcp6 = !kind.six;
    CHECK(world.merge() == 3);
    world.properties.segments_tcp4 = world.properties.segments_tcp6 = true;
    world.burst[1].offload() = {};
    CHECK(world.merge() == 3);
    fill();
    CHECK(world.merge() == 1);
    CHECK(merge_segments(std::span(world.burst).first(1), world.properties) == 1);  // again: it stays as it is
    CHECK(cut(kind, world.burst[0]).size() == 3);
    CHECK(merge_segments({}, world.properties) == 0);
    world.burst.clear();
    world.burst.resize(2);
    CHECK(world.merge() == 2);  // of nothing
}

TEST_CASE("not more than 64 KiB, nor more parts than the device takes") {
    const Kind kind{};
    World world;
    for (unsigned i = 0; i != 60; ++i)
        world.burst.push_back(world.packet(kind, segment(kind, 1 + 1460 * i, payload_of(1460, i))));
    SECTION("bytes") {
        REQUIRE(world.merge() == 2);
        CHECK(world.burst[0].size() - 14 <= 65535);
        CHECK(world.burst[0].size() - 14 + 1460 > 65535);
        CHECK(cut(kind, world.burst[0]).size() + cut(kind, world.burst[1]).size() == 60);
    }
    SECTION("parts") {
        world.properties.most_parts = 7;
        REQUIRE(world.merge() == 9);
        for (std::size_t i = 0; i != 8; ++i) CHECK(world.burst[i].parts() == 7);
        CHECK(world.burst[8].parts() == 4);
    }
}

TEST_CASE("damaged packets are left as they are") {
    std::mt19937 random(20261127);
    for (unsigned round = 0; round != 3000; ++round) {
        const Kind kind{.six = random() % 2 == 0, .options = random() % 2 * 12};
        World world;
        std::vector<Bytes> before;
        std::size_t bytes = 0;
        for (unsigned i = 0; i != 4; ++i) {
            Bytes frame = segment(kind, 1 + 200 * i, payload_of(200, i));
            for (unsigned left = random() % 3; left != 0; --left) frame[random() % kind.headers()] = static_cast<std::uint8_t>(random());
            if (random() % 4 == 0) frame.resize(1 + random() % frame.size());
            world.burst.push_back(world.packet(kind, frame, random() % 3 == 0 ? 1 + random() % frame.size() : 0));
            if (random() % 5 == 0) world.burst.back().offload().checksum_start = static_cast<std::uint16_t>(random());
            bytes += frame.size();
            before.push_back(std::move(frame));
        }
        const std::size_t count = world.merge();
        REQUIRE(count <= 4);
        std::size_t after = 0;
        for (std::size_t i = 0; i != count; ++i) {
            after += world.burst[i].size();
            if (world.burst[i].offload().segments != Offload::Segments::none) after += 3 * kind.headers();  // at most
        }
        REQUIRE(after >= bytes);
        if (count == 4)
            for (std::size_t i = 0; i != 4; ++i) REQUIRE(bytes_of(world.burst[i]) == before[i]);
    }
}
