// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/base/late.hpp>
#include <unicore/base/result.hpp>
#include <unicore/base/text.hpp>
#include <unicore/base/units.hpp>
#include <unicore/base/words.hpp>

#include <catch2/catch.hpp>

#include <limits>
#include <random>
#include <string>
#include <vector>

using namespace unicore;

namespace {

std::vector<std::string> words(std::string text) {
    std::vector<std::string> found;
    char* rest = text.data();
    while (char* const word = base::next_word(rest, text.data() + text.size())) found.emplace_back(word);
    return found;
}

template <typename... Pieces>
std::string formatted(Pieces... pieces) {
    text::Line line;
    (line << ... << pieces);
    return std::string(line.view());
}

Result<int> half(int number) {
    if (number % 2 != 0) return unexpected(Error::invalid_argument);
    return number / 2;
}

Result<void> check(int number) {
    if (number < 0) return unexpected(Error::out_of_range);
    return {};
}

Result<int> quarter(int number) {
    UNICORE_TRY(check(number));
    const int once = UNICORE_TRY(half(number));
    return UNICORE_TRY(half(once));
}

}  // namespace

TEST_CASE("TRY yields the value or returns the error") {
    CHECK(quarter(12) == 3);
    CHECK(quarter(6).error() == Error::invalid_argument);
    CHECK(quarter(-4).error() == Error::out_of_range);
}

TEST_CASE("every error has a name") {
    for (int i = 0; i <= static_cast<int>(Error::device_error); ++i)
        CHECK(to_string(static_cast<Error>(i)) != "unknown error");
    CHECK(to_string(Error::out_of_memory) == "out of memory");
    CHECK(to_string(Error::timed_out) == "timed out");
    CHECK(to_string(Error::device_error) == "device error");
    CHECK(to_string(static_cast<Error>(static_cast<int>(Error::device_error) + 1)) == "unknown error");
    CHECK(to_string(static_cast<Error>(200)) == "unknown error");
}

TEST_CASE("numbers are written like printf's") {
    std::mt19937_64 random(2026);
    for (int i = 0; i < 2000; ++i) {
        const std::uint64_t number = random() >> (random() % 64);
        char expected[64];
        std::snprintf(expected, sizeof expected, "%lu %ld 0x%lx", number, -static_cast<long>(number >> 1), number);
        CHECK(formatted(number, ' ', -static_cast<std::int64_t>(number >> 1), ' ', text::Hex{number}) == expected);
    }
    CHECK(formatted(std::numeric_limits<std::int64_t>::min()) == "-9223372036854775808");
    CHECK(formatted(0, text::Hex{0}) == "00x0");
    CHECK(formatted(std::numeric_limits<std::uint64_t>::max()) == "18446744073709551615");
    CHECK(formatted(text::HexDigits{5, 2}, text::HexDigits{0xabc, 2}, text::HexDigits{0, 0}) == "05abc0");
    CHECK(formatted(text::HexDigits{1, 20}) == "00000000000000000001");
}

TEST_CASE("a report says whose it is") {
    text::Report report("one ");
    report << 1;
    CHECK(report.view() == "unicore: one 1");
}

TEST_CASE("what does not fit a line is cut") {
    text::Line line;
    const std::string most(text::Line::capacity - 1, '-');
    line << most << 123 << 'x' << std::string_view("more") << text::Hex{1};
    CHECK(line.view() == most + "1");
}

TEST_CASE("a command line falls into words") {
    CHECK(words("").empty());
    CHECK(words("  \t ").empty());
    CHECK(words("a b=c  d") == std::vector<std::string>{"a", "b=c", "d"});
    CHECK(words("name=\"two words\" \"\" x\"y\"z") == std::vector<std::string>{"name=two words", "", "xyz"});
    CHECK(words("\"never closed ") == std::vector<std::string>{"never closed "});
    CHECK(words("-- \"--\"") == std::vector<std::string>{"--", "--"});
}

TEST_CASE("a text is one of the names that a setting allows") {
    const auto taken = [](std::string_view text) {
        const base::Choice choice = base::choose("one, on, none-such, three:NUMBER, last", text);
        return std::pair(choice.number, std::string(choice.parameter, text.data() + text.size()));
    };
    CHECK(taken("one") == std::pair(0, std::string()));
    CHECK(taken("on") == std::pair(1, std::string()));
    CHECK(taken("none-such") == std::pair(2, std::string()));
    CHECK(taken("three:12") == std::pair(3, std::string("12")));
    CHECK(taken("last") == std::pair(4, std::string()));
    for (const char* wrong : {"", "o", "one,", "one, on", "none", "three", "three:", "three;", "las", "lasts", ",", " ", "NUMBER", "N"})
        CHECK_FALSE(base::choose("one, on, none-such, three:NUMBER, last", wrong));
    CHECK_FALSE(base::choose("", "a"));
    CHECK_FALSE(base::choose("a", std::string_view("a\0b", 3)));
    CHECK_FALSE(base::choose("a, b", std::string_view("a, b")));
    CHECK(base::choose("a", "a"));
}

TEST_CASE("a decimal number is digits and nothing else") {
    CHECK(text::parse_decimal("0") == 0u);
    CHECK(text::parse_decimal("007") == 7u);
    CHECK(text::parse_decimal("18446744073709551615") == 18446744073709551615u);
    CHECK(text::parse_decimal("18446744073709551616").error() == Error::out_of_range);
    CHECK(text::parse_decimal("99999999999999999999").error() == Error::out_of_range);
    for (const char* wrong : {"", " 1", "1 ", "-1", "+1", "0x1", "1.0", "\x80"})
        CHECK(text::parse_decimal(wrong).error() == Error::invalid_argument);
}

TEST_CASE("units round and compare") {
    CHECK(pages_for(0).value == 0);
    CHECK(pages_for(1).value == 1);
    CHECK(pages_for(4096).value == 1);
    CHECK(pages_for(std::numeric_limits<std::size_t>::max()).value == (std::size_t{1} << 52));
    CHECK(align_up<std::uint64_t>(4097, 4096) == 8192);
    CHECK(align_down<std::uint64_t>(4095, 4096) == 0);
    CHECK(MemoryRange{4096, 4096}.contains(8191));
    CHECK_FALSE(MemoryRange{4096, 4096}.contains(8192));
    CHECK_FALSE(MemoryRange{4096, 4096}.contains(0));
}

TEST_CASE("a late object is constructed once, in place") {
    static constinit Late<std::vector<int>> late;
    CHECK_FALSE(late.constructed());
    late.construct(3, 7);
    CHECK(late->size() == 3);
    late->clear();
    late->shrink_to_fit();
}
