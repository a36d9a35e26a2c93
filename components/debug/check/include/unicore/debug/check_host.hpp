// SPDX-License-Identifier: BSD-3-Clause
/// Conformance suites as Catch2 cases; for unit tests on the host only.
#pragma once

#include <unicore/debug/check.hpp>

#include <catch2/catch.hpp>

#include <string>

namespace unicore::debug {

/// Runs a suite inside a TEST_CASE; every failed check fails the case and shows where it stands.
inline void run_on_host(Suite suite) {
    Check check([](std::string_view what, const std::source_location& where) noexcept {
        FAIL_CHECK(where.file_name() << ':' << where.line() << ": " << std::string(what));
    });
    suite(check);
    INFO("a suite without a single check proves nothing");
    CHECK(check.passed() + check.failed() > 0);
}

}  // namespace unicore::debug
