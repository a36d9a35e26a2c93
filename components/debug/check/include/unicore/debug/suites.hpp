// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/debug/check.hpp>

#include <span>
#include <string_view>

namespace unicore::debug {

/// A suite and what to call it in the report.
struct NamedSuite {
    std::string_view name;
    Suite suite;
};

/// Runs the suites one after the other and reports to the console: a line for every failed check,
/// one for every suite, a summary last. Returns 0 when all passed, else 1, for main to return.
/// A suite without a single check counts as failed. Context: thread.
int run_suites(std::span<const NamedSuite> suites) noexcept;

}  // namespace unicore::debug
