// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/net/checksum.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <random>
#include <vector>

using unicore::net::Checksum;

namespace {

/// As the RFC defines it: words of two bytes, the first byte the high one, carries added at the bottom; as bytes.
std::array<unsigned, 2> by_definition(std::span<const std::byte> bytes) {
    std::uint32_t sum = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i)
        sum += std::to_integer<std::uint32_t>(bytes[i]) << (i % 2 == 0 ? 8 : 0), sum = (sum & 0xffff) + (sum >> 16);
    return {sum >> 8, sum & 0xff};
}

std::array<unsigned, 2> in_memory(std::uint16_t value) {
    const auto bytes = std::bit_cast<std::array<unsigned char, 2>>(value);
    return {bytes[0], bytes[1]};
}

std::vector<std::byte> random_bytes(std::mt19937& random, std::size_t size) {
    std::vector<std::byte> bytes(size);
    for (auto& byte : bytes) byte = static_cast<std::byte>(random());
    return bytes;
}

}  // namespace

TEST_CASE("the RFC's own example") {  // [RFC 1071, 3]
    constexpr auto bytes = std::to_array<unsigned char>({0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7});
    Checksum checksum;
    checksum.add(std::as_bytes(std::span(bytes)));
    CHECK(in_memory(checksum.sum()) == std::array{0xddU, 0xf2U});
    CHECK(in_memory(checksum.result()) == std::array{0x22U, 0x0dU});
}

TEST_CASE("a header with its checksum in place sums to all ones") {
    // An IPv4 header, whose checksum is b861.
    const auto header = std::to_array<unsigned char>({0x45, 0x00, 0x00, 0x73, 0x00, 0x00, 0x40, 0x00, 0x40, 0x11,
                                                      0xb8, 0x61, 0xc0, 0xa8, 0x00, 0x01, 0xc0, 0xa8, 0x00, 0xc7});
    Checksum checksum;
    checksum.add(std::as_bytes(std::span(header)));
    CHECK(checksum.sum() == 0xffff);
    CHECK(checksum.result() == 0);
}

TEST_CASE("every size at every place, in as many pieces as one likes, is what the definition says") {
    std::mt19937 random(20261127);
    for (int round = 0; round < 2000; ++round) {
        const std::size_t offset = random() % 8, size = random() % 300;
        const auto bytes = random_bytes(random, offset + size);
        CHECK(in_memory(unicore::net::sum_of(std::span(bytes).subspan(offset))) == by_definition(std::span(bytes).subspan(offset)));
        std::span<const std::byte> rest(bytes);
        rest = rest.subspan(offset);
        const auto expected = by_definition(rest);
        Checksum checksum;
        while (!rest.empty()) {
            const std::size_t piece = std::min<std::size_t>(rest.size(), random() % 64);
            checksum.add(rest.first(piece));
            rest = rest.subspan(piece);
        }
        REQUIRE(in_memory(checksum.sum()) == expected);
    }
}

TEST_CASE("carries go round") {
    const std::vector<std::byte> ones(65536, std::byte{0xff});
    Checksum checksum;
    for (int i = 0; i < 100; ++i) checksum.add(ones);
    CHECK(checksum.sum() == 0xffff);
}

TEST_CASE("carries go round wherever they come from") {
    std::mt19937 random(20261128);
    for (int round = 0; round < 5000; ++round) {
        std::vector<std::byte> bytes(random() % 100);
        for (auto& byte : bytes) byte = random() % 8 == 0 ? std::byte{0} : std::byte{0xff};
        REQUIRE(in_memory(unicore::net::sum_of(bytes)) == by_definition(bytes));
    }
    using unicore::net::fold;
    static_assert(fold(0) == 0 && fold(0xffff) == 0xffff && fold(0x1'0000) == 1 && fold(UINT64_MAX) == 0xffff);
    static_assert(fold(0xffff'ffff'0000'0001) == 1 && fold(0x8000'0000'8000'0000) == 1);
}

TEST_CASE("words of a pseudo header are in the CPU's order") {
    const auto bytes = std::to_array<unsigned char>({0x12, 0x34, 0x00, 0x06});
    Checksum by_bytes, by_words;
    by_bytes.add(std::as_bytes(std::span(bytes)));
    by_words.add_word(0x1234);
    by_words.add_word(6);
    CHECK(by_bytes.sum() == by_words.sum());
}
