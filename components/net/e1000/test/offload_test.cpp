// SPDX-License-Identifier: BSD-3-Clause
#include "world.hpp"

#include <unicore/net/headers.hpp>

#include <algorithm>

using namespace unicore;
using namespace unicore::net;
using namespace unicore::test;

namespace {

using Bytes = FakeCard::Bytes;

constexpr Offload four{.checksum = Offload::Checksum::partial, .checksum_start = 34, .checksum_offset = 16};
constexpr Offload six{.checksum = Offload::Checksum::partial, .checksum_start = 54, .checksum_offset = 16};

Offload cut(Offload offload, std::uint16_t size, Offload::Segments kind = Offload::Segments::tcp4) {
    offload.segments = kind;
    offload.segment_size = size;
    return offload;
}

/// TCP with the sum of its pseudo header, as a stack leaves it.
Bytes begun(std::size_t payload, bool six = false) {
    Bytes bytes = bytes_of(tcp_frame(payload, six));
    const auto memory = std::as_writable_bytes(std::span(bytes));
    begin_checksum(memory, *find_headers(memory, Tags::none), bytes.size());
    return bytes;
}

/// Whether a whole frame's checksums are right, of IPv4 as well.
bool right(Bytes bytes) {
    const auto memory = std::as_writable_bytes(std::span(bytes));
    const auto headers = find_headers(memory, Tags::none);
    if (!headers) return false;
    const auto sum_to_none = [](std::span<const std::byte> words, std::uint32_t more) {
        for (std::size_t i = 0; i < words.size(); i += 2)
            more += std::to_integer<std::uint32_t>(words[i]) << 8 |
                    (i + 1 < words.size() ? std::to_integer<std::uint32_t>(words[i + 1]) : 0U);
        return (more & 0xffff) + (more >> 16) == 0xffff || more == 0xffff;
    };
    const std::size_t length = bytes.size() - headers->transport;
    std::vector<std::byte> all;
    const auto addresses = memory.subspan(headers->network + (headers->six ? 8U : 12U), headers->six ? 32 : 8);
    all.insert(all.end(), addresses.begin(), addresses.end());
    all.insert(all.end(), memory.begin() + headers->transport, memory.end());
    if (!sum_to_none(all, static_cast<std::uint32_t>(length) + (headers->tcp ? 6 : 17))) return false;
    return headers->six || sum_to_none(memory.subspan(headers->network, 20), 0);
}

/// The checksum of IPv4 of a frame without options.
Bytes with_ip_sum(Bytes bytes) {
    std::uint32_t sum = 0;
    bytes[24] = bytes[25] = 0;
    for (std::size_t i = 14; i != 34; i += 2) sum += static_cast<std::uint32_t>(bytes[i] << 8 | bytes[i + 1]);
    sum = (sum & 0xffff) + (sum >> 16);
    bytes[24] = static_cast<std::uint8_t>(~sum >> 8);
    bytes[25] = static_cast<std::uint8_t>(~sum);
    return bytes;
}

}  // namespace

TEST_CASE("partial checksums are completed by the device") {
    World world;
    world.open();
    for (const std::size_t parts : {1U, 2U, 5U}) {
        Packet packet = world.packet(with_ip_sum(begun(501)), parts);
        packet.offload() = four;
        REQUIRE(world.send(std::move(packet)));
        CHECK(right(world.card.sent.back()));
        CHECK(world.card.sent.back().size() == 54 + 501);
    }
    CHECK(world.card.contexts == 1);  // it keeps that
    Packet packet = world.packet(begun(100, true));
    packet.offload() = six;
    REQUIRE(world.send(std::move(packet)));
    CHECK(right(world.card.sent.back()));
    CHECK(world.card.contexts == 2);
    REQUIRE(world.send(world.packet(some(60))));  // none of it
    CHECK(world.card.sent.back() == some(60));
    CHECK(world.card.contexts == 2);
    world.nic->close();
    REQUIRE(world.nic->open(world.ears).has_value());
    packet = world.packet(begun(100, true));
    packet.offload() = six;
    REQUIRE(world.send(std::move(packet)));
    CHECK(right(world.card.sent.back()));
    CHECK(world.card.contexts == 3);  // it has forgotten
}

TEST_CASE("UDP's as well") {
    World world;
    world.open();
    Bytes bytes = begun(100);
    bytes[14 + 9] = 17;
    auto memory = std::as_writable_bytes(std::span(bytes));
    begin_checksum(memory, *find_headers(memory, Tags::none), bytes.size());
    Packet packet = world.packet(with_ip_sum(bytes), 3);
    packet.offload() = {.checksum = Offload::Checksum::partial, .checksum_start = 34, .checksum_offset = 6};
    REQUIRE(world.send(std::move(packet)));
    CHECK(right(world.card.sent.back()));
}

TEST_CASE("what the device would not find is completed in software, once") {
    World world;
    world.card.finishes = false;
    world.open();
    const Bytes frame = some(200);
    const Offload odd{.checksum = Offload::Checksum::partial, .checksum_start = 31, .checksum_offset = 19};
    while (true) {  // until there is no room
        Packet packet = world.packet(some(60));
        if (world.nic->send(0, std::span(&packet, 1)) == 0) break;
    }
    Packet packet = world.packet(frame, 9);
    packet.offload() = odd;
    CHECK(world.nic->send(0, std::span(&packet, 1)) == 0);
    CHECK(world.nic->send(0, std::span(&packet, 1)) == 0);
    const std::vector<std::uint16_t> unfinished = world.card.unfinished;
    for (const std::uint16_t index : unfinished) world.card.finish(index);
    CHECK(world.nic->send(0, std::span(&packet, 1)) == 1);
    std::uint32_t sum = 0;
    for (std::size_t i = 31; i < 200; i += 2)
        sum += static_cast<std::uint32_t>(frame[i] << 8 | (i + 1 < 200 ? frame[i + 1] : 0));
    while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
    Bytes expected = frame;
    expected[50] = static_cast<std::uint8_t>(~sum >> 8);
    expected[51] = static_cast<std::uint8_t>(~sum);
    CHECK(world.card.sent.back() == expected);
    CHECK(world.card.contexts == 0);

    Bytes tagged = begun(100);  // QEMU would look behind the tag, and others where they are told: nobody is asked
    const std::uint8_t tag[] = {0x81, 0, 0, 5};
    tagged.insert(tagged.begin() + 12, std::begin(tag), std::end(tag));
    packet = world.packet(tagged);
    packet.offload() = {.checksum = Offload::Checksum::partial, .checksum_start = 38, .checksum_offset = 16};
    REQUIRE(world.send(std::move(packet)));
    CHECK(world.card.contexts == 0);
    CHECK(world.card.sent.back() != tagged);
}

TEST_CASE("segments are made by the device") {
    World world;
    world.open();
    for (const auto& [payload, parts] :
         {std::pair{1449U, 1U}, {5000U, 3U}, {20000U, 12U}, {61000U, 30U}, {65481U, 39U}}) {
        world.card.sent.clear();
        Bytes whole = begun(payload);
        whole[34 + 13] = 0x18;  // a push at the end
        Packet packet = world.packet(whole, parts <= 1 ? 1 : parts);
        packet.offload() = cut(four, 1448);
        REQUIRE(world.send(std::move(packet)));
        const std::size_t count = (payload + 1447) / 1448;
        REQUIRE(world.card.sent.size() == count);
        Bytes contents;
        for (std::size_t i = 0; i != count; ++i) {
            const Bytes& segment = world.card.sent[i];
            CHECK(right(segment));
            CHECK((segment.size() == 54 + 1448 || i + 1 == count));
            CHECK(segment[34 + 7] == static_cast<std::uint8_t>(1 + i * 1448));
            CHECK(segment[34 + 13] == (i + 1 == count ? 0x18 : 0x10));
            contents.insert(contents.end(), segment.begin() + 54, segment.end());
        }
        CHECK(contents == Bytes(whole.begin() + 54, whole.end()));
        CHECK(world.outside() == parts);  // until the next call
    }
    CHECK(world.card.most_descriptors < 60);
    world.nic->reclaim(0);
    CHECK(world.outside() == 0);
}

TEST_CASE("headers in parts of their own, and the sender's memory as it was") {
    World world;
    world.open();
    const Bytes whole = begun(4000);
    std::vector<Bytes> pieces{{whole.begin(), whole.begin() + 20}, {whole.begin() + 20, whole.begin() + 60},
                              {whole.begin() + 60, whole.begin() + 2000}, {whole.begin() + 2000, whole.end()}};
    struct Lender final : BufferOwner {
        void take_back(Buffer&) noexcept override { ++back; }
        unsigned back = 0;
    } lender;
    std::vector<Buffer> lent(pieces.size());
    const auto before = pieces;
    for (std::size_t i = 0; i != pieces.size(); ++i) {
        auto* const memory = reinterpret_cast<std::byte*>(pieces[i].data());
        const auto size = static_cast<std::uint32_t>(pieces[i].size());
        lent[i] = {.next = i + 1 == pieces.size() ? nullptr : &lent[i + 1],
                   .owner = &lender,
                   .begin = memory,
                   .data = memory,
                   .capacity = size,
                   .size = size};
    }
    Packet packet(lent[0]);
    packet.offload() = cut(four, 1000);
    REQUIRE(world.send(std::move(packet)));
    CHECK(world.card.sent.size() == 4);
    CHECK(std::ranges::all_of(world.card.sent, right));
    CHECK(pieces == before);
    world.nic->reclaim(0);
    CHECK(lender.back == 4);
}

TEST_CASE("one segment is a packet like others") {
    World world;
    world.open();
    Packet packet = world.packet(with_ip_sum(begun(1000)));
    packet.offload() = cut(four, 1000);
    REQUIRE(world.send(std::move(packet)));
    CHECK(world.card.sent.size() == 1);
    CHECK(right(world.card.sent.back()));
}

TEST_CASE("segments are refused where they are not wanted") {
    World world(messages, e1000::Model::i82574, false);
    world.open();
    CHECK_FALSE(world.nic->properties().segments_tcp4);
    Packet packet = world.packet(begun(3000), 2);
    packet.offload() = cut(four, 1000);
    REQUIRE(world.send(std::move(packet)));
    CHECK(world.nic->statistics().sent.errors == 1);
    CHECK(world.card.sent.empty());
}

TEST_CASE("offloads that cannot be are refused") {
    World world;
    world.open();
    std::uint64_t errors = 0;
    const auto refused = [&](const Bytes& bytes, const Offload& offload) {
        Packet packet = world.packet(bytes, bytes.size() / 2048 + 1);
        packet.offload() = offload;
        REQUIRE(world.send(std::move(packet)));
        CHECK(world.nic->statistics().sent.errors == ++errors);
        CHECK(world.outside() == 0);
    };
    refused(begun(100), {.segments = Offload::Segments::tcp4, .segment_size = 50});
    refused(begun(100), {.checksum = Offload::Checksum::partial, .checksum_start = 13, .checksum_offset = 16});
    refused(begun(100), {.checksum = Offload::Checksum::partial, .checksum_start = 150, .checksum_offset = 3});
    refused(begun(100), {.checksum = Offload::Checksum::partial, .checksum_start = 65535, .checksum_offset = 65535});
    refused(begun(3000), four);
    refused(begun(3000), cut(four, 0));
    refused(begun(3000), cut(four, 1461));
    refused(begun(3000, true), cut(six, 1000, Offload::Segments::tcp6));
    refused(begun(3000, true), cut(six, 1000));
    refused(begun(0), cut(four, 1000));
    refused(some(3000), cut(four, 1000));
    Offload beside = cut(four, 1000);
    ++beside.checksum_start;
    refused(begun(3000), beside);
    CHECK(world.card.sent.empty());
}
