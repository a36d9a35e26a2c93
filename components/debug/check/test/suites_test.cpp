// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/console.hpp>
#include <unicore/debug/check_host.hpp>
#include <unicore/debug/suites.hpp>

#include <catch2/catch.hpp>

#include <array>
#include <string>

namespace {

std::string console_text;

}  // namespace

/// In place of the console.
void unicore::console::write_line(std::string_view text) noexcept { (console_text += text) += '\n'; }

using unicore::debug::Check;
using unicore::debug::NamedSuite;

namespace {

unsigned line_of_bad = 0;

constexpr NamedSuite good{"good", [](Check& check) noexcept {
                              check(true, "one");
                              check(true, "two");
                          }};
constexpr NamedSuite bad{"bad", [](Check& check) noexcept {
                             check(true, "one");
                             line_of_bad = std::source_location::current().line() + 1;
                             if (!check(false, "water is dry")) check(false, "so is the sea");
                         }};
constexpr NamedSuite empty{"empty", [](Check&) noexcept {}};

int run(std::initializer_list<NamedSuite> suites) {
    console_text.clear();
    return unicore::debug::run_suites(std::span(suites.begin(), suites.size()));
}

}  // namespace

TEST_CASE("all passed") {
    CHECK(run({good, good}) == 0);
    CHECK(console_text == "check: good: passed, 2 checks\ncheck: good: passed, 2 checks\ncheck: 2 suites, 0 failed\n");
}

TEST_CASE("a failed check is shown with its place and fails the run") {
    CHECK(run({bad, good}) == 1);
    const std::string place = "suites_test.cpp:" + std::to_string(line_of_bad);
    CHECK(console_text.find(place + ": water is dry\n") != console_text.npos);
    CHECK(console_text.find(place + ": so is the sea\n") != console_text.npos);
    CHECK(console_text.ends_with(
        "check: bad: FAILED, 2 of 3 checks\ncheck: good: passed, 2 checks\ncheck: 2 suites, 1 failed\n"));
}

TEST_CASE("no checks, or no suites, prove nothing") {
    CHECK(run({empty}) == 1);
    CHECK(console_text == "check: empty: FAILED, 0 checks\ncheck: 1 suites, 1 failed\n");
    CHECK(run({}) == 1);
}

TEST_CASE("suites run as Catch2 cases") { unicore::debug::run_on_host(good.suite); }
