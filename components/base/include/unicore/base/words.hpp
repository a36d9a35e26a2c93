// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string_view>

namespace unicore::base {

/// Takes the next word off a command line, in place: words are separated by blanks and control
/// characters, double quotes hold blanks together and are taken off. Returns the word,
/// null-terminated, or null when there is none left; `rest` then stands behind it. `*end` must be
/// writable. Context: any.
char* next_word(char*& rest, char* end) noexcept;

/// Which of `names` the text `rest` is, from 0, or -1: `names` is what a setting allows, "one, two,
/// three:PARAMETER". Takes what matched off `rest`; the parameter is left. Context: any.
int take_name(const char* names, std::string_view& rest) noexcept;

}  // namespace unicore::base
