// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/xen/store/path.hpp>

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace unicore::xen::store;

TEST_CASE("paths are put together from names and numbers") {
    CHECK(Path{"device", "vif", 0u, "state"}.view() == "device/vif/0/state");
    CHECK(Path{"/local/domain", 65535u, std::string_view("backend")}.view() == "/local/domain/65535/backend");
    CHECK(Path{"/"}.view() == "/");
    CHECK(Path{Path{"a", "b"}, "c"}.view() == "a/b/c");
    CHECK(Path{18446744073709551615ull}.view() == "18446744073709551615");
    CHECK(Path().view() == "");
}

TEST_CASE("a path that would be too long is empty") {
    const std::string most(Path::capacity, 'x');
    CHECK(Path{most}.view() == most);
    CHECK(Path{most + 'x'}.empty());
    CHECK(Path{most, ""}.empty());
    CHECK(Path{"a", most, "b"}.empty());
    CHECK(Path{most.substr(2), "y"}.view() == most.substr(2) + "/y");
    CHECK(Path{Path{most, 1u}, "x"}.empty());
}

TEST_CASE("a listing is taken apart into names") {
    const auto names = [](std::string_view listing) {
        std::vector<std::string> list;
        for (const std::string_view name : Names(listing)) list.emplace_back(name);
        return list;
    };
    using List = std::vector<std::string>;
    CHECK(names({}) == List{});
    CHECK(names(std::string_view("a\0bc\0", 5)) == List{"a", "bc"});
    CHECK(names(std::string_view("a\0bc", 4)) == List{"a", "bc"});
    CHECK(names(std::string_view("\0\0", 2)) == List{"", ""});
}
