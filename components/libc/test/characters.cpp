// SPDX-License-Identifier: BSD-3-Clause
// [ISO C17, 7.4, in the locale "C"]
#include "suites.hpp"

#include <ctype.h>
#include <stdio.h>

namespace unicore::libc {
namespace {

bool between(int character, int first, int last) noexcept { return first <= character && character <= last; }

/// Whether all functions agree with ASCII on one character.
bool agree(int c) noexcept {
    const bool upper = between(c, 'A', 'Z'), lower = between(c, 'a', 'z'), digit = between(c, '0', '9');
    const bool graph = between(c, 0x21, 0x7e), letter = upper || lower;
    return (isupper(c) != 0) == upper && (islower(c) != 0) == lower && (isdigit(c) != 0) == digit &&
           (isalpha(c) != 0) == letter && (isalnum(c) != 0) == (letter || digit) && (isgraph(c) != 0) == graph &&
           (isprint(c) != 0) == (graph || c == ' ') && (ispunct(c) != 0) == (graph && !letter && !digit) &&
           (iscntrl(c) != 0) == (between(c, 0, 0x1f) || c == 0x7f) && (isblank(c) != 0) == (c == ' ' || c == '\t') &&
           (isspace(c) != 0) == (c == ' ' || between(c, '\t', '\r')) &&
           (isxdigit(c) != 0) == (digit || between(c, 'a', 'f') || between(c, 'A', 'F')) &&
           toupper(c) == (lower ? c - 'a' + 'A' : c) && tolower(c) == (upper ? c - 'A' + 'a' : c);
}

}  // namespace

void characters(debug::Check& check) noexcept {
    bool right = true;
    for (int c = 0; c < 256; ++c) right = right && agree(c);
    check(right, "classes and cases of all characters");
    check(agree(EOF), "and of EOF");
}

}  // namespace unicore::libc
