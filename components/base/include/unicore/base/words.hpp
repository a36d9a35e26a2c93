// SPDX-License-Identifier: BSD-3-Clause
#pragma once

namespace unicore::base {

/// Takes the next word off a command line, in place: words are separated by blanks, double quotes
/// hold blanks together and are taken off. Returns the word, null-terminated, or null when there is
/// none left; `rest` then stands behind it. `*end` must be writable. Context: any.
char* next_word(char*& rest, char* end) noexcept;

}  // namespace unicore::base
