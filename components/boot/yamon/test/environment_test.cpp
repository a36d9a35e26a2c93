// SPDX-License-Identifier: BSD-3-Clause
#include "../environment.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cstring>
#include <string>
#include <vector>

using unicore::Error;
using namespace unicore::boot::yamon;

namespace {

constexpr std::uint32_t base = 0x8000'2000;

/// Memory as a loader fills it, of which nothing else can be reached.
struct Loader {
    static inline std::array<char, 0x8000> memory;
    static inline std::uint32_t used;

    Loader() {
        memory.fill('\x5a');
        used = 0;
    }

    static const char* reach(std::uint32_t address, std::size_t size) noexcept {
        if (address < base || address - base + size > memory.size()) return nullptr;
        return memory.data() + (address - base);
    }

    std::uint32_t put(const void* bytes, std::size_t size) {
        const std::uint32_t place = used;
        REQUIRE(place + size <= memory.size());
        if (size != 0) std::memcpy(memory.data() + place, bytes, size);
        used += static_cast<std::uint32_t>(size + 3 & ~std::size_t{3});
        return base + place;
    }
    std::uint32_t text(const std::string& string) { return put(string.c_str(), string.size() + 1); }
    std::uint32_t list(const std::vector<std::uint32_t>& words) { return put(words.data(), words.size() * 4); }

    Registers command(const std::vector<std::string>& words) {
        std::vector<std::uint32_t> addresses;
        for (const auto& word : words) addresses.push_back(text(word));
        return {static_cast<std::uint32_t>(words.size()), list(addresses), 0, 0};
    }
    std::string line(const Registers& registers) {
        const auto size = read_command_line(registers, reach, buffer);
        REQUIRE(size);
        CHECK(std::strlen(buffer.data()) == *size);
        return buffer.data();
    }
    Error error(const Registers& registers) {
        const auto size = read_command_line(registers, reach, buffer);
        REQUIRE_FALSE(size);
        REQUIRE(std::memchr(buffer.data(), 0, buffer.size()) != nullptr);
        return size.error();
    }
    unicore::Result<Memory> environment(const std::vector<std::string>& texts) {
        std::vector<std::uint32_t> addresses;
        for (const auto& word : texts) addresses.push_back(text(word));
        addresses.push_back(0);
        return read_memory(list(addresses), reach);
    }

    std::array<char, 64> buffer;
};

}  // namespace

TEST_CASE_METHOD(Loader, "the words behind the first are the command line") {
    CHECK(line(command({})).empty());
    CHECK(line(command({"hello"})).empty());
    CHECK(line(command({"hello", ""})).empty());
    CHECK(line(command({"hello", "log.level=debug -- 42"})) == "log.level=debug -- 42");
    CHECK(line(command({"hello", "a=1", "--", "2"})) == "a=1 -- 2");
}

TEST_CASE_METHOD(Loader, "a list may end before its count") {
    CHECK(line({3, list({text("hello"), text("x"), 0}), 0, 0}) == "x");
}

TEST_CASE_METHOD(Loader, "a command line that leads nowhere is an error, with what came before it") {
    CHECK(error({2, 0, 0, 0}) == Error::invalid_argument);
    CHECK(error({2, 0xffff'fffc, 0, 0}) == Error::invalid_argument);
    CHECK(error({2, list({0, 0}) + 2, 0, 0}) == Error::invalid_argument);
    CHECK(error({3, list({0, text("first"), 0x1234}), 0, 0}) == Error::invalid_argument);
    CHECK(std::string(buffer.data()) == "first ");
    CHECK(error({2, list({0, base + 0x7ffe}), 0, 0}) == Error::invalid_argument);  // runs out of memory
}

TEST_CASE_METHOD(Loader, "a command line that is too long is an error, with what fits") {
    CHECK(line(command({"hello", std::string(63, 'x')})) == std::string(63, 'x'));
    CHECK(error(command({"hello", std::string(64, 'x')})) == Error::out_of_range);
    CHECK(std::string(buffer.data()) == std::string(63, 'x'));
    CHECK(error(command({"hello", std::string(63, 'x'), "y"})) == Error::out_of_range);
    CHECK(error(command({"hello", std::string(62, 'x'), "y"})) == Error::out_of_range);
}

TEST_CASE_METHOD(Loader, "a count that is none ends somewhere") {
    const std::uint32_t empty = text("");
    CHECK(error({0xffff'ffff, list(std::vector<std::uint32_t>(100, empty)), 0, 0}) == Error::out_of_range);
}

TEST_CASE_METHOD(Loader, "the environment tells of memory") {
    const auto memory = environment({"modetty0", "38400n8r", "memsize", "134217728", "ememsize", "0x40000000"});
    REQUIRE(memory);
    CHECK(memory->low == 134217728u);
    CHECK(memory->total == 0x40000000u);
}

TEST_CASE_METHOD(Loader, "an environment may say nothing, or nonsense") {
    for (const auto& texts : {std::vector<std::string>{}, {"memory", "1"}, {"memsize", ""}, {"memsize", "lots"},
                              {"memsize", "-1"}, {"memsize", "0x"}, {"memsize", "0x1g"}, {"memsize", "12 "},
                              {"memsize", "0x10000000000000000"}}) {
        const auto memory = environment(texts);
        REQUIRE(memory);
        CHECK_FALSE(memory->low);
    }
}

TEST_CASE_METHOD(Loader, "an environment that leads nowhere is an error") {
    CHECK(read_memory(0, reach).error() == Error::invalid_argument);
    CHECK(read_memory(0x8000'0000, reach).error() == Error::invalid_argument);
    CHECK(read_memory(list({4, 4, 0}), reach).error() == Error::invalid_argument);
    CHECK(read_memory(list({text("memsize"), 4, 0}), reach).error() == Error::invalid_argument);
    CHECK(read_memory(list({text("memsize"), 0, 0}), reach).error() == Error::invalid_argument);
}

TEST_CASE_METHOD(Loader, "an environment without an end is an error") {
    const std::uint32_t name = text("name");
    CHECK(read_memory(list(std::vector<std::uint32_t>(2 * most_variables + 2, name)), reach).error() == Error::out_of_range);
    CHECK(environment({std::string(most_of_variable + 1, 'x'), ""}).error() == Error::out_of_range);
    CHECK(environment({"memsize", std::string(most_of_variable + 1, '1')}).error() == Error::out_of_range);
}

TEST_CASE("sizes are decimal or hexadecimal") {
    CHECK(parse_size("0") == 0u);
    CHECK(parse_size("268435456") == 0x1000'0000u);
    CHECK(parse_size("0x10000000") == 0x1000'0000u);
    CHECK(parse_size("0XfF") == 0xffu);
    CHECK_FALSE(parse_size("ff"));
    CHECK_FALSE(parse_size("0x-1"));
}
