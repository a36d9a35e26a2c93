// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/embed.h>
#include <unicore/embed.hpp>

#include <catch2/catch.hpp>

#include <cstdint>
#include <fstream>
#include <iterator>
#include <string>

namespace embed = unicore::embed;

TEST_CASE("files are in the order of names, whatever order they were embedded in") {
    REQUIRE(embed::count() == 4);
    CHECK(embed::at(0).name == "test/embed_test.cpp");
    CHECK(embed::at(1).name == "web/a/deep.bin");
    CHECK(embed::at(2).name == "web/empty");
    CHECK(embed::at(3).name == "web/index.html");
}

TEST_CASE("every file is found by its name, and nothing by another") {
    for (std::size_t index = 0; index < embed::count(); ++index) {
        const auto found = embed::find(embed::at(index).name);
        REQUIRE(found.has_value());
        CHECK(found->contents.data() == embed::at(index).contents.data());
    }
    for (const char* name : {"", "test", "test/embed_test.cpp ", "web/a/deep.bi", "web/a/deep.bin2", "web/emptz", "zzz"}) {
        const auto found = embed::find(name);
        REQUIRE_FALSE(found.has_value());
        CHECK(found.error() == unicore::Error::not_found);
    }
    CHECK_FALSE(embed::find(std::string_view("web/empty\0", 10)).has_value());
}

TEST_CASE("contents are those of the file, byte by byte") {
    CHECK(embed::find("web/index.html")->text() == "<!doctype html>\n<title>Embedded</title>\n");
    CHECK(embed::find("web/a/deep.bin")->text() == std::string_view("\0\1\377\n\0", 5));
    std::ifstream source(EMBED_TEST_SOURCE, std::ios::binary);
    REQUIRE(source);
    CHECK(embed::find("test/embed_test.cpp")->text() == std::string(std::istreambuf_iterator<char>(source), {}));
}

TEST_CASE("names and contents are followed by 0, and contents are aligned") {
    for (std::size_t index = 0; index < embed::count(); ++index) {
        const embed::File file = embed::at(index);
        CHECK(file.name.data()[file.name.size()] == '\0');
        CHECK(file.text().data()[file.contents.size()] == '\0');
        CHECK(reinterpret_cast<std::uintptr_t>(file.contents.data()) % 16 == 0);
    }
}

TEST_CASE("C finds the same") {
    std::size_t size = 17;
    CHECK(unicore_embedded_file("web/none", &size) == nullptr);
    CHECK(size == 17);
    const void* const found = unicore_embedded_file("web/empty", &size);
    CHECK(found == embed::find("web/empty")->contents.data());
    CHECK(size == 0);
}
