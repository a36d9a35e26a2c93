// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <source_location>
#include <string_view>

namespace unicore::debug {

/// Collects the outcomes of a conformance suite, which runs on the host and inside images alike.
class Check {
public:
    /// Called for every failed check.
    using Report = void (*)(std::string_view what, const std::source_location& where) noexcept;

    explicit constexpr Check(Report report) noexcept : report_(report) {}

    /// Counts one outcome; returns it, so that a suite can give up where going on makes no sense.
    bool operator()(bool holds, std::string_view what,
                    const std::source_location& where = std::source_location::current()) noexcept {
        if (holds) {
            ++passed_;
        } else {
            ++failed_;
            report_(what, where);
        }
        return holds;
    }

    unsigned passed() const noexcept { return passed_; }
    unsigned failed() const noexcept { return failed_; }

private:
    Report report_;
    unsigned passed_ = 0;
    unsigned failed_ = 0;
};

/// A conformance suite: every provider of an interface must pass it.
using Suite = void (*)(Check& check) noexcept;

}  // namespace unicore::debug
