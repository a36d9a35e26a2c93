// SPDX-License-Identifier: BSD-3-Clause
#include "../information.hpp"

#include <catch2/catch.hpp>

#include <cstring>
#include <string>
#include <vector>

using namespace unicore;
using namespace unicore::boot::multiboot2;

namespace {

/// A list of tags as a loader writes it.
struct List {
    std::vector<std::byte> bytes;

    List& word(std::uint32_t value) {
        const auto* const raw = reinterpret_cast<const std::byte*>(&value);
        bytes.insert(bytes.end(), raw, raw + sizeof value);
        return *this;
    }
    List& tag(std::uint32_t type, const std::string& content) {
        word(type).word(static_cast<std::uint32_t>(8 + content.size()));
        const auto* const raw = reinterpret_cast<const std::byte*>(content.data());
        bytes.insert(bytes.end(), raw, raw + content.size());
        bytes.resize((bytes.size() + 7) / 8 * 8);
        return *this;
    }
    List& end() { return tag(0, ""); }
};

std::string map_of(std::uint32_t entry_size, std::size_t content) {
    std::string text(8 + content, '\0');
    std::memcpy(text.data(), &entry_size, sizeof entry_size);
    return text;
}

std::string text_of(std::span<const char> text) { return {text.begin(), text.end()}; }

}  // namespace

TEST_CASE("the tags are found, others are passed over") {
    List list;
    list.tag(99, "whatever")
        .tag(1, std::string("a=b -- c\0", 9))
        .tag(6, map_of(24, 48))
        .tag(14, std::string(20, 'o'))
        .end();
    const auto found = read(list.bytes);
    REQUIRE(found.has_value());
    CHECK(text_of(found->command_line) == "a=b -- c");
    CHECK(found->map.size() == 48);
    CHECK(found->map_entry_size == 24);
    CHECK(found->root.size() == 20);
}

TEST_CASE("the newer root pointer is the better one, wherever it stands") {
    const std::string old_one(20, 'o'), new_one(36, 'n');
    CHECK(read(List().tag(14, old_one).tag(15, new_one).end().bytes)->root.size() == 36);
    CHECK(read(List().tag(15, new_one).tag(14, old_one).end().bytes)->root.size() == 36);
}

TEST_CASE("what does not fit is refused") {
    CHECK_FALSE(read({}));
    CHECK_FALSE(read(List().tag(1, "no end").bytes));
    CHECK_FALSE(read(List().word(1).word(7).end().bytes));     // shorter than its own header
    CHECK_FALSE(read(List().word(1).word(1000).end().bytes));  // longer than the list
    CHECK_FALSE(read(List().word(1).word(0xffff'ffff).end().bytes));
    List cut;
    cut.word(1).word(10).word(0);
    cut.bytes.resize(10);  // the tag fits, what aligns it does not
    CHECK_FALSE(read(cut.bytes));
}

TEST_CASE("a map of entries too small, or without a header, is no map") {
    CHECK(read(List().tag(6, map_of(23, 46)).end().bytes)->map.empty());
    CHECK(read(List().tag(6, "1234").end().bytes)->map.empty());
}

TEST_CASE("a command line without its 0 is none") {
    CHECK(text_of(read(List().tag(1, "abc").end().bytes)->command_line).empty());
    CHECK(text_of(read(List().tag(1, "").end().bytes)->command_line).empty());
}

TEST_CASE("GRUB's backslashes are taken out") {
    const auto plain = [](const std::string& text) {
        char room[32];
        return std::string(room, without_escapes(text, room));
    };
    CHECK(plain(std::string(40, 'a')) == std::string(32, 'a'));
    CHECK(plain("plain words") == "plain words");
    CHECK(plain(R"(it\'s \"two words\" \\)") == R"(it's "two words" \)");
    CHECK(plain(R"(end\)") == R"(end\)");
    CHECK(plain("") == "");
}
