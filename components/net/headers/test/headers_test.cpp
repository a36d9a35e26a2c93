// SPDX-License-Identifier: BSD-3-Clause
#include "frames.hpp"

#include <unicore/net/checksum.hpp>
#include <unicore/net/headers.hpp>

#include <catch2/catch.hpp>

#include <cstring>
#include <memory>
#include <random>

using namespace unicore;
using namespace unicore::net;
using test::tcp_frame;

namespace {

/// In memory of exactly that size, so that the sanitizer sees what is read behind.
Result<Headers> find(const std::string& frame, Tags tags = Tags::none) {
    const auto copy = std::make_unique<std::byte[]>(frame.size());
    std::memcpy(copy.get(), frame.data(), frame.size());
    return find_headers({copy.get(), frame.size()}, tags);
}

std::string tagged(const std::string& frame) {
    return frame.substr(0, 12) + std::string("\x81\x00\x00\x05", 4) + frame.substr(12);
}

}  // namespace

TEST_CASE("TCP and UDP are found over IPv4 and IPv6") {
    const auto four = find(tcp_frame(100));
    REQUIRE(four.has_value());
    CHECK((four->tcp && !four->six && four->network == 14 && four->transport == 34 && four->payload == 54));
    CHECK(four->checksum_offset() == 16);
    const auto six = find(tcp_frame(100, true));
    REQUIRE(six.has_value());
    CHECK((six->tcp && six->six && six->transport == 54 && six->payload == 74));

    std::string udp = tcp_frame(100);
    udp[14 + 9] = 17;
    const auto found = find(udp);
    REQUIRE(found.has_value());
    CHECK((!found->tcp && found->payload == 42 && found->checksum_offset() == 6));
}

TEST_CASE("options and extension headers are gone over") {
    std::string four = tcp_frame(100);
    four[14] = 0x46;
    four.insert(34, 4, '\1');
    CHECK(find(four)->transport == 38);
    four[38 + 12] = static_cast<char>(0x60);
    CHECK(find(four)->payload == 38 + 24);

    std::string six = tcp_frame(100, true);
    six[20] = 0;  // hop by hop, then destination options, then authentication
    six.insert(54, std::string("\x3c\0\1\4\0\0\0\0", 8) +     // 8 bytes
                       std::string("\x33\1", 2) + std::string(14, '\0') +  // 16
                       std::string("\x06\4", 2) + std::string(22, '\0'));  // 24
    CHECK(find(six)->transport == 54 + 48);
}

TEST_CASE("tags are gone over where they may be") {
    CHECK(find(tagged(tcp_frame(100)), Tags::one)->transport == 38);
    CHECK_FALSE(find(tagged(tcp_frame(100))).has_value());
    CHECK_FALSE(find(tagged(tagged(tcp_frame(100))), Tags::one).has_value());
}

TEST_CASE("what is something else, a fragment or cut off is not found") {
    for (const bool six : {false, true}) {
        const std::string whole = tcp_frame(0, six);
        for (std::size_t size = 0; size != whole.size(); ++size)
            CHECK(find(whole.substr(0, size)).error() == Error::unsupported);
        CHECK(find(whole).has_value());
        for (const auto& [place, value] : std::initializer_list<std::pair<std::size_t, int>>{
                 {12, 0x88},
                 {14, 0x95},
                 {14, six ? 0x45 : 0x65},
                 {six ? 20 : 23, 1},
                 {whole.size() - 8, 0x40},
                 {whole.size() - 8, 0x60}}) {
            std::string other = whole;
            other[place] = static_cast<char>(value);
            CHECK_FALSE(find(other).has_value());
        }
    }
    std::string fragment = tcp_frame(100);
    fragment[20] = 0x20;
    CHECK_FALSE(find(fragment).has_value());
    fragment[20] = 0;
    fragment[21] = 1;
    CHECK_FALSE(find(fragment).has_value());
    fragment[21] = 0;
    fragment[20] = 0x40;  // "don't fragment" is none
    CHECK(find(fragment).has_value());
    std::string six = tcp_frame(100, true);
    six[20] = 44;
    CHECK_FALSE(find(six).has_value());
    std::string endless = tcp_frame(3000, true);
    endless[20] = 0;
    for (std::size_t at = 54; at < endless.size(); ++at) endless[at] = 0;
    CHECK_FALSE(find(endless).has_value());
}

TEST_CASE("damaged frames are looked at without a step too far") {
    std::mt19937 random(20261127);
    unsigned found = 0;
    for (int i = 0; i < 20000; ++i) {
        std::string frame = tcp_frame(random() % 64, random() % 2 == 0);
        for (unsigned changes = random() % 4; changes != 0; --changes)
            frame[12 + random() % (frame.size() - 12)] = static_cast<char>(random() % (random() % 2 == 0 ? 256 : 64));
        frame.resize(random() % 3 == 0 ? random() % frame.size() : frame.size());
        const auto headers = find(frame, Tags::one);
        if (!headers) continue;
        ++found;
        CHECK(headers->payload <= frame.size());
        CHECK(headers->transport + headers->checksum_offset() + 2u <= headers->payload);
    }
    CHECK(found > 1000);
}

TEST_CASE("a checksum is begun as who completes it expects it") {
    for (const bool six : {false, true}) {
        std::string text = tcp_frame(101, six);
        const auto bytes = std::as_writable_bytes(std::span(text));
        const auto headers = find(text);
        begin_checksum(bytes, *headers, text.size());
        net::Checksum rest;
        rest.add(bytes.subspan(headers->transport));
        const std::uint16_t whole = rest.result();
        std::memcpy(text.data() + headers->transport + 16, &whole, 2);
        // And so the sum over pseudo header and contents comes out as it must. [RFC 1071, 1]
        net::Checksum check;
        check.add(bytes.subspan(headers->network + (six ? 8 : 12), six ? 32 : 8));
        check.add_word(static_cast<std::uint16_t>(text.size() - headers->transport));
        check.add_word(6);
        check.add(bytes.subspan(headers->transport));
        CHECK(check.sum() == 0xffff);
    }
}

TEST_CASE("a checksum is completed over all parts") {
    std::string text = tcp_frame(101);
    const auto bytes = std::as_writable_bytes(std::span(text));
    begin_checksum(bytes, *find(text), text.size());
    net::Checksum rest;
    rest.add(bytes.subspan(34));
    Buffer parts[4];
    for (std::size_t i = 0, at = 0; i != 4; at += parts[i].size, ++i) {
        parts[i].data = bytes.data() + at;
        parts[i].size = static_cast<std::uint32_t>(i == 0 ? 14 : i == 1 ? 23 : i == 2 ? 0 : bytes.size() - at);
        parts[i].next = i == 3 ? nullptr : &parts[i + 1];
    }
    Packet packet(parts[0]);
    CHECK(checksum_from(packet, 34) == rest.result());
    CHECK(checksum_from(packet, bytes.size()) == 0xffff);
    std::memset(bytes.data() + 50, 0, 2);
    net::Checksum others;
    others.add(bytes.subspan(34));
    const std::uint16_t up_to_all = others.result();
    std::memcpy(bytes.data() + 50, &up_to_all, 2);
    CHECK(checksum_from(packet, 34) == 0xffff);  // and not 0, which says of UDP that there is none
    packet.release();
}
