// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/base/log.hpp>
#include <unicore/platform.hpp>

#include <catch2/catch.hpp>

#include <cstdint>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

using unicore::log::Level;
using unicore::log::level_of;
using unicore::log::Logger;
using unicore::log::set_level;

extern int evaluated;
void speak_and_stay_silent();

namespace {

std::vector<std::string> writes;

std::vector<std::string> written() { return std::exchange(writes, {}); }

using Writes = std::vector<std::string>;

constexpr Logger<"test.all", Level::debug> all;

}  // namespace

/// In place of the platform's.
void unicore::platform::early_write(std::string_view text) noexcept { writes.emplace_back(text); }

TEST_CASE("a message is one line in one write") {
    all.error("plain");
    CHECK(written() == Writes{"unicore: [error] test.all: plain\n"});
    all.warning([](auto& line) { line << "text " << 42 << ' ' << unicore::text::Hex{16}; });
    CHECK(written() == Writes{"unicore: [warning] test.all: text 42 0x10\n"});
    all.info("");
    CHECK(written() == Writes{"unicore: [info] test.all: \n"});
    all.debug([](unicore::text::Line& line) { line << INT64_MIN; });
    CHECK(written() == Writes{"unicore: [debug] test.all: -9223372036854775808\n"});
}

TEST_CASE("a line that is too long is cut and still ends") {
    all.error([](auto& line) {
        for (int i = 0; i < 1000; ++i) line << 'x';
    });
    const auto lines = written();
    REQUIRE(lines.size() == 1);
    const std::string start = "unicore: [error] test.all: ";
    CHECK(lines[0] == start + std::string(unicore::text::Line::capacity - start.size(), 'x') + "\n");
}

TEST_CASE("the run-time level silences what is more detailed, without composing it") {
    const std::vector<std::string> names{"none", "error", "warning", "info", "debug"};
    for (std::size_t level = 0; level < names.size(); ++level) {
        REQUIRE(set_level(names[level]).has_value());
        std::size_t composed = 0;
        const auto count = [&](auto&) { ++composed; };
        all.error(count);
        all.warning(count);
        all.info(count);
        all.debug(count);
        CHECK(composed == level);
        CHECK(written().size() == level);
    }
}

TEST_CASE("a level that is none is refused and changes nothing") {
    REQUIRE(set_level("warning").has_value());
    for (const std::string_view wrong :
         {"", "warn", "warnings", "Warning", "warning]", "] ", "3", "error ", "\0none", "debug] debug] debug] "})
        CHECK(set_level(wrong).error() == unicore::Error::invalid_argument);
    all.info("silent");
    CHECK(written().empty());
    REQUIRE(set_level("debug").has_value());
}

TEST_CASE("levels of components from the option") {
    constexpr std::string_view list = "memory.buddy=debug,net.*=info,net.lwip=none,*.x=error";
    STATIC_REQUIRE(level_of("memory.buddy", list, Level::warning) == Level::debug);
    STATIC_REQUIRE(level_of("memory.buddy2", list, Level::warning) == Level::warning);
    STATIC_REQUIRE(level_of("memory", list, Level::warning) == Level::warning);
    STATIC_REQUIRE(level_of("net.virtio", list, Level::warning) == Level::info);
    STATIC_REQUIRE(level_of("net.lwip", list, Level::warning) == Level::none);
    STATIC_REQUIRE(level_of("network", list, Level::warning) == Level::warning);
    STATIC_REQUIRE(level_of("a.x", list, Level::warning) == Level::warning);  // '*' only ends a pattern
    STATIC_REQUIRE(level_of("any", "", Level::info) == Level::info);
    STATIC_REQUIRE(level_of("any", "*=error,", Level::info) == Level::error);
    STATIC_REQUIRE(level_of("net.lwip", "net.lwip=debug,net.*=info", Level::none) == Level::info);  // the last match
}

TEST_CASE("what is compiled out leaves nothing behind") {
    evaluated = 0;
    speak_and_stay_silent();
    CHECK(evaluated == 1);
    CHECK(written() == Writes{"unicore: [warning] test.part: MARK-compiled-in 1\n"});

    std::ifstream file("/proc/self/exe", std::ios::binary);
    const std::string executable(std::istreambuf_iterator<char>(file), {});
    const std::string mark = std::string("MARK-") + "compiled-";  // put together, so as not to find this
    CHECK(executable.find(mark + "in ") != executable.npos);
    CHECK(executable.find(mark + "out") == executable.npos);
}
