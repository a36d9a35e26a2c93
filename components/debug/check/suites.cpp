// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/debug/suites.hpp>

#include <unicore/base/text.hpp>
#include <unicore/console.hpp>

namespace unicore::debug {

namespace {

void report(std::string_view what, const std::source_location& where) noexcept {
    text::Line line;
    line << "check: " << where.file_name() << ':' << where.line() << ": " << what;
    console::write_line(line.view());
}

/// "passed, 12 checks" or "FAILED, 3 of 12 checks".
void count(text::Line& line, unsigned passed, unsigned failed) noexcept {
    if (failed != 0) line << "FAILED, " << failed << " of ";
    else line << (passed != 0 ? "passed, " : "FAILED, ");
    line << passed + failed << " checks";
}

}  // namespace

int run_suites(std::span<const NamedSuite> suites) noexcept {
    unsigned failed_suites = 0;
    for (const NamedSuite& named : suites) {
        Check check(report);
        named.suite(check);
        if (check.failed() != 0 || check.passed() == 0) ++failed_suites;
        text::Line line;
        line << "check: " << named.name << ": ";
        count(line, check.passed(), check.failed());
        console::write_line(line.view());
    }
    text::Line line;
    line << "check: " << suites.size() << " suites, " << failed_suites << " failed";
    console::write_line(line.view());
    return failed_suites == 0 && !suites.empty() ? 0 : 1;
}

}  // namespace unicore::debug
