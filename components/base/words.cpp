// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/base/words.hpp>

namespace unicore::base {
namespace {

/// Control characters too.
bool blank(char character) noexcept { return static_cast<unsigned char>(character) <= ' '; }

/// Whether a name ends here: at a comma, a blank or the end. All that names consist of, letters,
/// digits, '-', '.' and ':', comes after the comma in ASCII.
bool ends_name(char character) noexcept { return character <= ','; }

}  // namespace

char* next_word(char*& rest, char* end) noexcept {
    char* from = rest;
    while (from != end && blank(*from)) ++from;
    rest = from;
    if (from == end) return nullptr;
    char* const word = from;
    char* to = from;
    bool quoted = false;
    for (; from != end && (quoted || !blank(*from)); ++from) {
        if (*from == '"') quoted = !quoted;
        else *to++ = *from;
    }
    rest = from == end ? end : from + 1;
    *to = '\0';
    return word;
}

Choice choose(const char* names, std::string_view text) noexcept {
    for (int number = 0; *names != '\0'; ++number) {
        const char* from = text.data();
        const char* const end = from + text.size();
        while (from != end && *from == *names && !ends_name(*names)) ++from, ++names;
        // A whole name, or all that comes before the parameter, which is in capitals.
        if (from == end ? ends_name(*names) : *names >= 'A' && *names <= 'Z') return {number, from};
        while (*names != '\0' && *names++ != ' ') {
        }
    }
    return {-1, nullptr};
}

}  // namespace unicore::base
