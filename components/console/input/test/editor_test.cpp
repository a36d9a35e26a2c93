// SPDX-License-Identifier: BSD-3-Clause
#include "../editor.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace {

struct Terminal {
    unicore::console::input::Editor<8> editor;
    std::string shown;

    /// Types until a line is finished, and returns it; "(…)" around what is not.
    std::string type(std::string_view text) {
        for (const char character : text) {
            REQUIRE(!editor.finished());
            editor.type(character, [this](std::string_view echo) { shown += echo; });
        }
        if (!editor.finished()) return "(unfinished)";
        char line[64];
        const std::size_t left = editor.left(), size = editor.take(line);
        CHECK(left == size);
        CHECK(!editor.finished());
        return {line, size};
    }
};

}  // namespace

TEST_CASE("a line is there when it has ended, by CR or LF") {
    Terminal terminal;
    CHECK(terminal.type("on") == "(unfinished)");
    CHECK(terminal.editor.left() == 0);
    CHECK(terminal.type("e\r") == "one\n");
    CHECK(terminal.type("two\n") == "two\n");
    CHECK(terminal.type("\r") == "\n");
    CHECK(terminal.shown == "one\ntwo\n\n");
}

TEST_CASE("a line is taken in pieces, the whole of it before the next") {
    Terminal terminal;
    for (const char character : std::string_view("abc\r")) terminal.editor.type(character, [](std::string_view) {});
    char two[2];
    CHECK(terminal.editor.take(two) == 2);
    CHECK(std::string(two, 2) == "ab");
    CHECK(terminal.editor.left() == 2);
    CHECK(terminal.editor.take(two) == 2);
    CHECK(std::string(two, 2) == "c\n");
    CHECK(!terminal.editor.finished());
}

TEST_CASE("backspace and delete take the last character back, all bytes of it, and nothing before the line") {
    Terminal terminal;
    CHECK(terminal.type("\b\x7f" "ab\bc\x7f\x7f\x7f\x7f" "d\r") == "d\n");
    CHECK(terminal.shown == "ab\b \bc\b \b\b \bd\n");
    terminal.shown.clear();
    CHECK(terminal.type("x\u00e4\u20ac\x7f\x7f\r") == "x\n");
    CHECK(terminal.shown == "x\u00e4\u20ac\b \b\b \b\n");
    CHECK(terminal.type("\x80\x80\x7fz\r") == "z\n");  // no character, and still it ends
}

TEST_CASE("Ctrl-U takes the line back") {
    Terminal terminal;
    CHECK(terminal.type("abc\x15" "d\x15\x15" "e\r") == "e\n");
    CHECK(terminal.shown == "abc\b \b\b \b\b \bd\b \be\n");
}

TEST_CASE("Ctrl-D is the end at the start of a line, else the line's") {
    Terminal terminal;
    CHECK(terminal.type("\x04") == "");
    CHECK(terminal.type("ab\x04") == "ab");
    CHECK(terminal.type("\x04") == "");
    CHECK(terminal.type("c\r") == "c\n");
}

TEST_CASE("control characters are shown as two") {
    Terminal terminal;
    CHECK(terminal.type("\x03\t\x1b\b\r") == "\x03\t\n");
    CHECK(terminal.shown == "^C\t^[\b\b  \b\b\n");
}

TEST_CASE("a line that is too long keeps its beginning and its end") {
    Terminal terminal;
    CHECK(terminal.type("12345678\r") == "1234567\n");
    CHECK(terminal.shown == "1234567\a\n");
    CHECK(terminal.type("12345678\b8\r") == "1234568\n");
}
