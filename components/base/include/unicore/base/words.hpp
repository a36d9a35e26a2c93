// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string_view>

namespace unicore::base {

/// Takes the next word off a command line, in place: words are separated by blanks and control
/// characters, double quotes hold blanks together and are taken off. Returns the word,
/// null-terminated, or null when there is none left; `rest` then stands behind it. `*end` must be
/// writable. Context: any.
char* next_word(char*& rest, char* end) noexcept;

/// One of the values that a setting allows.
struct Choice {
    int number;             ///< from 0 on; negative: none
    const char* parameter;  ///< where the text's parameter starts; the text's end when there is none

    explicit operator bool() const noexcept { return number >= 0; }
};

/// Which of `names` the text is: `names` is what a setting allows, "one, two, three:PARAMETER".
/// Context: any.
Choice choose(const char* names, std::string_view text) noexcept;

}  // namespace unicore::base
