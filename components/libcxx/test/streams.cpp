// SPDX-License-Identifier: BSD-3-Clause
// [ISO C++23, iostreams, locale, re; what is read from the console is in test/libcxx]
#include "suites.hpp"

#include <complex>
#include <filesystem>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <limits>
#include <locale>
#include <regex>
#include <sstream>
#include <string>

namespace unicore::libcxx {
namespace {

void output(debug::Check& check) {
    std::ostringstream out;
    out << 42 << ' ' << std::hex << std::showbase << 255 << std::dec << ' ' << 2.5 << ' ' << true << ' ' << std::boolalpha
        << true << ' ' << std::setw(5) << std::setfill('.') << std::right << 7 << ' ' << std::fixed << std::setprecision(3)
        << 1.0 / 3 << ' ' << std::complex<double>(1, 2);
    check(out.str() == "42 0xff 2.5 1 true ....7 0.333 (1.000,2.000)", "manipulators");
    out.str("");
    out << std::scientific << 12345.678 << ' ' << std::quoted("a \"b\"") << ' ' << static_cast<const void*>(nullptr);
    check(out.str().starts_with("1.235e+04 \"a \\\"b\\\"\" "), "scientific, quoted");
    std::wostringstream wide;
    wide << L"wide " << 3;
    check(wide.str() == L"wide 3", "wide characters");
    std::cout << "written to the console" << std::endl;
    std::clog << "written to the log" << std::endl;
    check(std::cout.good() && std::cerr.good() && std::clog.good(), "the console");
}

void input(debug::Check& check) {
    std::istringstream in("17 0x1f 2.5 word \n a whole line\nlast");
    int number = 0, hexadecimal = 0;
    double real = 0;
    std::string word, line;
    in >> number >> std::hex >> hexadecimal >> std::dec >> real >> word >> std::ws;
    std::getline(in, line);
    check(number == 17 && hexadecimal == 31 && real == 2.5 && word == "word" && line == "a whole line", "reading");
    in >> number;
    check(in.fail() && !in.bad(), "what is no number");
    in.clear();
    in >> word;
    check(word == "last" && in.eof(), "the end");
    in.clear();
    in.exceptions(std::ios::failbit);
    bool caught = false;
    try {
        in >> number;
    } catch (const std::ios_base::failure&) {
        caught = true;
    }
    check(caught, "exceptions of streams");
    std::istringstream many("99999999999999999999");
    many >> number;
    check(many.fail() && number == std::numeric_limits<int>::max(), "a number that is too large");
    std::stringstream both;
    both << "abc";
    both.seekg(1);
    check(both.get() == 'b' && both.tellg() == 2 && both.rdbuf()->in_avail() == 1, "places in a stream");
}

void files(debug::Check& check) {
    std::ifstream file("there/is/none");
    std::string line;
    check(!file.is_open() && !std::getline(file, line), "a file that there is not");
    const std::filesystem::path path("images/./hello.elf");
    check(path.extension() == ".elf" && path.lexically_normal() == "images/hello.elf", "paths");
}

void locales(debug::Check& check) {
    const std::locale& classic = std::locale::classic();
    check(classic.name() == "C" && std::isalpha('a', classic) && std::toupper('a', classic) == 'A', "the classic one");
    check(std::use_facet<std::numpunct<char>>(classic).decimal_point() == '.', "facets");
    check(std::locale("C.UTF-8").name() == "C.UTF-8", "one of the C library's");
    bool caught = false;
    try {
        const std::locale none("there-is-none");
    } catch (const std::runtime_error&) {
        caught = true;
    }
    check(caught, "one that there is not");
    struct Grouped : std::numpunct<char> {
        char do_thousands_sep() const override { return '_'; }
        std::string do_grouping() const override { return "\3"; }
    };
    std::ostringstream out;
    out.imbue(std::locale(classic, new Grouped));
    out << 1234567;
    check(out.str() == "1_234_567", "a facet of one's own");
}

void expressions(debug::Check& check) {
    std::smatch match;
    const std::string text = "on 2026-11-26 at noon";
    check(std::regex_search(text, match, std::regex(R"((\d{4})-(\d\d)-(\d\d))")) && match[1] == "2026" && match[3] == "26",
          "regex_search");
    check(std::regex_replace(text, std::regex("n(o+)n"), "m$1n") == "on 2026-11-26 at moon", "regex_replace");
    bool caught = false;
    try {
        const std::regex wrong("(");
    } catch (const std::regex_error& error) {
        caught = error.code() == std::regex_constants::error_paren;
    }
    check(caught, "a wrong expression");
}

}  // namespace

void streams(debug::Check& check) noexcept {
    output(check);
    input(check);
    files(check);
    locales(check);
    expressions(check);
}

}  // namespace unicore::libcxx
