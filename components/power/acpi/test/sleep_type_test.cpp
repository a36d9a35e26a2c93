// SPDX-License-Identifier: BSD-3-Clause
#include "../sleep_type.hpp"

#include <catch2/catch.hpp>

#include <string>

using unicore::power::acpi::find_s5;

namespace {

auto find(const std::string& aml) { return find_s5(std::as_bytes(std::span(aml))); }

/// `aml` with 0 bytes in it.
template <std::size_t size>
std::string bytes(const char (&text)[size]) {
    return {text, size - 1};
}

}  // namespace

TEST_CASE("the package that QEMU has") {
    const auto found = find(bytes("junk\x08_S5_\x12\x06\x04\x00\x00\x00\x00more"));
    REQUIRE(found);
    CHECK(found->a == 0);
    CHECK(found->b == 0);
}

TEST_CASE("constants of every size, with the root before the name, and a long length") {
    const auto small = find(bytes("\x08\\_S5_\x12\x07\x02\x0a\x05\x01"));
    REQUIRE(small);
    CHECK(small->a == 5);
    CHECK(small->b == 1);
    const auto large = find(bytes("\x08_S5_\x12\x4c\x00\x04\x0b\x07\x00\x0c\x06\x00\x00\x00\x00\x00"));
    REQUIRE(large);
    CHECK(large->a == 7);
    CHECK(large->b == 6);
}

TEST_CASE("what is no such object is passed over") {
    CHECK_FALSE(find(""));
    CHECK_FALSE(find("_S5_"));
    CHECK_FALSE(find(bytes("\x14\x08_S5_\x12")));                          // a table that ends in it
    CHECK_FALSE(find(bytes("\x14\x0a_S5_\x00\xa4\x12\x04\x02\x00\x00")));  // a method
    CHECK_FALSE(find(bytes("\x08_S5_\x12\x04\x01\x00")));                  // too few elements
    CHECK_FALSE(find(bytes("\x08_S5_\x12\x06\x02\x0a\x08\x00")));          // no sleep type
    CHECK_FALSE(find(bytes("\x08_S5_\x12\x06\x02_ABC\x00")));              // computed
    const auto second = find(bytes("\x10_S5_\x08_S5_\x12\x06\x04\x0a\x03\x0a\x03\x00\x00"));
    REQUIRE(second);
    CHECK(second->a == 3);
}
