// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/base/words.hpp>

namespace unicore::base {
namespace {

bool blank(char character) noexcept { return character == ' ' || (character >= '\t' && character <= '\r'); }

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

}  // namespace unicore::base
