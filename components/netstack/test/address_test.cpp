// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/netstack/address.hpp>

#include <catch2/catch.hpp>

#include <arpa/inet.h>

#include <cstring>
#include <random>
#include <string>

using namespace unicore::netstack;
using Family = Address::Family;

namespace {

std::string text_of(const Address& address) {
    std::array<char, address_text_size> into;
    return std::string(format_address(address, into));
}

}  // namespace

TEST_CASE("addresses of version 4") {
    CHECK(parse_address("10.0.2.15") == Address::v4(10, 0, 2, 15));
    CHECK(parse_address("255.255.255.255") == Address::v4(255, 255, 255, 255));
    CHECK(parse_address("0.0.0.0")->unspecified());
    CHECK(text_of(Address::v4(192, 168, 1, 254)) == "192.168.1.254");
    for (const char* text : {"", ".", "1", "1.2.3", "1.2.3.4.", "1.2.3.4.5", "256.1.1.1", "1.2.3.-4", "1.2.3.+4", "01.2.3.4",
                             "1.2.3.00", " 1.2.3.4", "1.2.3.4 ", "1..2.3", "0x1.2.3.4", "1.2.3.4444444444"})
        CHECK_FALSE(parse_address(text).has_value());
}

TEST_CASE("addresses of version 6, and their shortest form") {
    const auto same = [](const char* text, const char* shortest) {
        const auto address = parse_address(text);
        REQUIRE(address.has_value());
        CHECK(address->family == Family::v6);
        CHECK(text_of(*address) == shortest);
    };
    same("::", "::");
    same("::1", "::1");
    same("1::", "1::");
    same("2001:db8::1", "2001:db8::1");
    same("2001:0DB8:0:0:0:0:0:1", "2001:db8::1");
    same("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1");  // one group is not shortened
    same("2001:0:0:1:0:0:0:1", "2001:0:0:1::1");
    same("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1");
    same("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0");
    same("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8");
    same("::ffff:10.0.2.15", "::ffff:a00:20f");
    same("1:2:3:4:5:6:10.0.2.15", "1:2:3:4:5:6:a00:20f");
    for (const char* text : {":", ":::", "1:", ":1", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:", "1:2:3:4:5:6:7:8:9", "1::2::3",
                             "12345::", "g::", "1:2:3:4:5:6:7:1.2.3.4", "::1.2.3", "::1.2.3.4:1", "1.2.3.4::", "fe80::1%eth0",
                             "1:2:3:4::5:6:7:8", "::1 ", "-1::"})
        CHECK_FALSE(parse_address(text).has_value());
}

TEST_CASE("the C library reads and writes the same") {
    std::mt19937 random(20261127);
    for (int i = 0; i < 5000; ++i) {
        Address address{Family::v6, {}};
        for (std::size_t at = 0; at < 16; at += 2) {
            if (random() % 2 == 0) continue;
            const auto group = static_cast<std::uint16_t>(random() >> random() % 16);
            address.bytes[at] = static_cast<std::uint8_t>(group >> 8);
            address.bytes[at + 1] = static_cast<std::uint8_t>(group);
        }
        const std::string text = text_of(address);
        std::array<std::uint8_t, 16> bytes{};
        REQUIRE(inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1);
        REQUIRE(bytes == address.bytes);
        REQUIRE(parse_address(text) == address);
        char other[INET6_ADDRSTRLEN];
        inet_ntop(AF_INET6, address.bytes.data(), other, sizeof other);
        REQUIRE(parse_address(other) == address);
    }
}

TEST_CASE("what the C library refuses is refused") {
    std::mt19937 random(20261127);
    constexpr std::string_view characters = "::::..0012fg/";
    int good = 0;
    for (int i = 0; i < 200'000; ++i) {
        std::string text(random() % 14, ' ');
        for (char& character : text) character = characters[random() % characters.size()];
        std::uint8_t bytes[16];
        const bool known = inet_pton(text.contains(':') ? AF_INET6 : AF_INET, text.c_str(), bytes) == 1;
        const auto address = parse_address(text);
        INFO(text);
        REQUIRE(address.has_value() == known);
        if (!known) continue;
        ++good;
        REQUIRE(std::memcmp(address->bytes.data(), bytes, address->size()) == 0);
    }
    CHECK(good > 100);
}

TEST_CASE("networks") {
    const auto network = parse_prefix("10.0.2.15/24");
    REQUIRE(network.has_value());
    CHECK(network->address == Address::v4(10, 0, 2, 15));
    CHECK(network->length == 24);
    CHECK(parse_prefix("10.0.2.15")->length == 32);
    CHECK(parse_prefix("fe80::1")->length == 128);
    CHECK(parse_prefix("fd00::2/64")->length == 64);
    for (const char* text : {"10.0.2.15/", "10.0.2.15/33", "fd00::/129", "10.0.2.15/024", "10.0.2.15/-1", "10.0.2.15/24/1", "/24", "x/24"})
        CHECK_FALSE(parse_prefix(text).has_value());
}
