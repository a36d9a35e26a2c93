// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "data.hpp"

#include <unicore/base/text.hpp>

namespace unicore::debug::ubsan {

/// A value as the language writes it; floating-point numbers, which this must not compute with, as their bits.
struct Shown {
    const Type& type;
    Value value;
};
text::Line& operator<<(text::Line& line, Shown shown) noexcept;

/// Whether a value of an integer type is below 0.
bool negative(Shown shown) noexcept;
/// Whether its bits are all ones.
bool minus_one(Shown shown) noexcept;

/// What happened at `where` is told once, then the image panics, or goes on if a setting says so and `may_return`.
class Finding {
public:
    explicit Finding(Location& where, bool may_return = true) noexcept;
    ~Finding() noexcept;
    Finding(const Finding&) = delete;
    Finding& operator=(const Finding&) = delete;

    /// False when it was told before, or happened while telling.
    explicit operator bool() const noexcept { return tells_; }
    template <typename Part>
    Finding& operator<<(const Part& part) noexcept {
        if (tells_) line_ << part;
        return *this;
    }

private:
    text::Line line_;
    bool tells_;
    bool may_return_;
};

}  // namespace unicore::debug::ubsan
