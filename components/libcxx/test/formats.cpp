// SPDX-License-Identifier: BSD-3-Clause
// [ISO C++23, format, print.fun]
#include "suites.hpp"

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <format>
#include <iterator>
#include <limits>
#include <locale>
#include <print>
#include <string>
#include <tuple>
#include <vector>

namespace unicore::libcxx {
struct Point {
    int x, y;
};
}  // namespace unicore::libcxx

template <>
struct std::formatter<unicore::libcxx::Point> : std::formatter<int> {
    auto format(const unicore::libcxx::Point& point, auto& context) const {
        context.advance_to(std::format_to(context.out(), "("));
        context.advance_to(std::formatter<int>::format(point.x, context));
        context.advance_to(std::format_to(context.out(), ", "));
        context.advance_to(std::formatter<int>::format(point.y, context));
        return std::format_to(context.out(), ")");
    }
};

namespace unicore::libcxx {
namespace {

void numbers(debug::Check& check) {
    check(std::format("{} {:+d} {:#x} {:08b} {:o}", 42, 42, 255, 5, 8) == "42 +42 0xff 00000101 10", "integers");
    check(std::format("{} {}", std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::uint64_t>::max()) ==
              "-9223372036854775808 18446744073709551615", "the ends of 64 bits");
    check(std::format("{} {:.3f} {:e} {:g} {:a}", 0.1, 2.0 / 3, 12345.678, 1e-10, 1.0) ==
              "0.1 0.667 1.234568e+04 1e-10 1p+0", "floating point");
    const double infinite = std::numeric_limits<double>::infinity();
    check(std::format("{} {} {:6}|", infinite, -infinite, std::numeric_limits<double>::quiet_NaN()) == "inf -inf    nan|",
          "what is no number");
    check(std::format("{} {}", true, 'x') == "true x", "bool, char");
}

void texts(debug::Check& check) {
    check(std::format("[{:>6}] [{:<6}] [{:^6}] [{:*^7}]", "ab", "ab", "ab", "ab") ==
              "[    ab] [ab    ] [  ab  ] [**ab***]", "fill and alignment");
    check(std::format("{:.2} {:?}", std::string("abcdef"), "a\tb") == "ab \"a\\tb\"", "precision, escapes");
    check(std::format("{1} {0} {1}", 1, 2) == "2 1 2" && std::format("{:{}}", 7, 4) == "   7" &&
              std::format("{{}}") == "{}", "positions, widths from arguments, braces");
    check(std::format("{:5}|", "ä") == "ä    |", "the width of a character is not its bytes");
    check(std::format(L"{} {}", 1, L"wide") == L"1 wide", "wide characters");
}

void others(debug::Check& check) {
    check(std::format("{}", std::vector{1, 2, 3}) == "[1, 2, 3]" && std::format("{}", std::tuple(1, "a")) == "(1, \"a\")",
          "ranges and tuples");
    check(std::format("{:3}", Point{1, 2}) == "(  1,   2)", "a formatter of one's own");
    using namespace std::chrono;
    check(std::format("{:%F %T}", sys_seconds(1'000'000'000s)) == "2001-09-09 01:46:40" && std::format("{}", 90s) == "90s",
          "dates and durations");
    std::string text;
    std::format_to(std::back_inserter(text), "{}-{}", 1, 2);
    char small[4];
    const auto result = std::format_to_n(small, sizeof small, "{}", 123456);
    check(text == "1-2" && result.size == 6 && std::string_view(small, 4) == "1234" && std::formatted_size("{}", 100) == 3,
          "format_to, format_to_n, formatted_size");
    bool caught = false;
    try {
        int number = 1;
        static_cast<void>(std::vformat("{:s}", std::make_format_args(number)));
    } catch (const std::format_error&) {
        caught = true;
    }
    check(caught, "a format that does not fit: format_error");
    check(std::format(std::locale::classic(), "{:L}", 1234567) == "1234567", "with a locale");
}

void print(debug::Check& check) {
    char text[64] = {};
    std::FILE* const file = fmemopen(text, sizeof text, "w");
    if (!check(file != nullptr, "a stream in memory")) return;
    std::println(file, "{} {}", "printed", 7);
    std::print(file, "{:.1f}", 0.25);
    std::fclose(file);
    check(std::string_view(text) == "printed 7\n0.2", "print, println");
    std::println("printed to the console: {}", 1);
}

}  // namespace

void formats(debug::Check& check) noexcept {
    numbers(check);
    texts(check);
    others(check);
    print(check);
}

}  // namespace unicore::libcxx
