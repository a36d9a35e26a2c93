// SPDX-License-Identifier: BSD-3-Clause
#include "../report.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cstring>
#include <limits>
#include <string>

using namespace unicore::debug::ubsan;
namespace text = unicore::text;

namespace {

/// As the compiler lays it out: the name behind the type.
struct Described {
    explicit Described(Type::Kind kind, unsigned info, const char* name) {
        auto* const type = reinterpret_cast<Type*>(bytes.data());
        type->kind = kind;
        type->info = static_cast<std::uint16_t>(info);
        std::strcpy(bytes.data() + sizeof(Type), name);
    }
    const Type& type() const { return *reinterpret_cast<const Type*>(bytes.data()); }
    alignas(Type) std::array<char, 32> bytes{};
};

const Described signed8(Type::integer, 3 << 1 | 1, "'signed char'"), unsigned8(Type::integer, 3 << 1, "'unsigned char'"),
    signed32(Type::integer, 5 << 1 | 1, "'int'"), signed64(Type::integer, 6 << 1 | 1, "'long'"),
    unsigned64(Type::integer, 6 << 1, "'unsigned long'"), signed128(Type::integer, 7 << 1 | 1, "'__int128'"),
    unsigned128(Type::integer, 7 << 1, "'unsigned __int128'"), real(Type::floating, 64, "'double'");

std::string shown(const Described& described, Value value) {
    text::Line line;
    line << Shown{described.type(), value};
    return std::string(line.view());
}

}  // namespace

TEST_CASE("integers are shown as the language writes them") {
    CHECK(shown(signed8, 0x7f) == "127");
    CHECK(shown(signed8, 0x80) == "-128");
    CHECK(shown(unsigned8, 0x80) == "128");
    CHECK(shown(signed32, 0xffff'ffff) == "-1");
    CHECK(shown(signed32, 0x8000'0000) == "-2147483648");
    CHECK(shown(signed64, Value{1} << 63) == "-9223372036854775808");
    CHECK(shown(unsigned64, ~Value{0}) == "18446744073709551615");
}

TEST_CASE("what does not fit into a word is at an address") {
    const auto at = [](const auto& value) { return reinterpret_cast<Value>(&value); };
    const __int128 small = -5, most = __int128{1} << 100, least = -(__int128{1} << 100);
    const unsigned __int128 large = ~static_cast<unsigned __int128>(0);
    CHECK(shown(signed128, at(small)) == "-5");
    CHECK(shown(signed128, at(most)) == "0x10000000000000000000000000");
    CHECK(shown(signed128, at(least)) == "0xfffffff0000000000000000000000000");
    CHECK(shown(unsigned128, at(large)) == "0xffffffffffffffffffffffffffffffff");
    CHECK(negative({signed128.type(), at(small)}));
    CHECK_FALSE(negative({signed128.type(), at(most)}));
    CHECK_FALSE(negative({unsigned128.type(), at(large)}));
}

TEST_CASE("floating-point numbers are shown as bits") {
    const double half = 0.5;
    Value bits;
    std::memcpy(&bits, &half, sizeof bits);
    CHECK(shown(real, bits) == "<bits 0x3fe0000000000000>");
}

TEST_CASE("signs") {
    CHECK(negative({signed8.type(), 0x80}));
    CHECK_FALSE(negative({unsigned8.type(), 0x80}));
    CHECK(minus_one({signed8.type(), 0xff}));
    CHECK(minus_one({signed64.type(), ~Value{0}}));
    CHECK_FALSE(minus_one({unsigned8.type(), 0xff}));
    CHECK_FALSE(minus_one({signed32.type(), 0xff}));
}
