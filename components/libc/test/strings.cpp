// SPDX-License-Identifier: BSD-3-Clause
// [ISO C17, 7.24; POSIX.1-2017, strdup, strndup, strnlen, strtok_r]
#include "suites.hpp"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

namespace unicore::libc {
namespace {

/// Against loops, at all alignments and lengths around those that words are compared in.
void lengths(debug::Check& check) noexcept {
    bool right = true;
    for (unsigned offset = 0; offset < 9; ++offset)
        for (unsigned length = 0; length < 40; ++length) {
            char from[64], to[64];
            memset(from, 'a', sizeof from);
            memset(to, '#', sizeof to);
            from[offset + length] = '\0';
            char* const target = to + (offset + 3) % 9;
            right = right && strlen(from + offset) == length && strcpy(target, from + offset) == target &&
                    memcmp(target, from + offset, length + 1) == 0 && target[length + 1] == '#' &&
                    strchr(from + offset, '\0') == from + offset + length && strchr(from + offset, 'b') == nullptr &&
                    strcmp(target, from + offset) == 0;
            if (length == 0) continue;
            target[length - 1] = 'b';
            right = right && strcmp(target, from + offset) > 0 && strcmp(from + offset, target) < 0 &&
                    strncmp(target, from + offset, length - 1) == 0 && strchr(target, 'b') == target + length - 1 &&
                    memchr(target, 'b', 40) == target + length - 1;
        }
    check(right, "strlen, strcpy, strcmp, strncmp, strchr, memchr at all alignments");
}

void copying(debug::Check& check) noexcept {
    char text[16];
    memset(text, 'x', sizeof text);
    strncpy(text, "ab", 5);
    check(memcmp(text, "ab\0\0\0x", 6) == 0, "strncpy fills with null bytes");
    strncpy(text, "abcdef", 3);
    check(memcmp(text, "abc\0\0x", 6) == 0, "strncpy need not end the string");
    strcpy(text, "ab");
    check(strcmp(strcat(text, "cd"), "abcd") == 0 && strcmp(strncat(text, "efgh", 2), "abcdef") == 0,
              "strcat, strncat");
    memmove(text + 1, text, 7);
    check(strcmp(text, "aabcdef") == 0, "memmove upwards");
    memmove(text, text + 1, 7);
    check(strcmp(text, "abcdef") == 0, "memmove downwards");
    char* const copy = strdup("copy");
    char* const part = strndup("copy", 2);
    check(copy != nullptr && strcmp(copy, "copy") == 0 && part != nullptr && strcmp(part, "co") == 0,
              "strdup, strndup");
    free(copy);
    free(part);
}

void searching(debug::Check& check) noexcept {
    const char* text = "one, two, three";
    check(strrchr(text, 't') == text + 10 && strrchr(text, 'x') == nullptr, "strrchr");
    check(strspn(text, "eno") == 3 && strcspn(text, ", ") == 3, "strspn, strcspn");
    check(strpbrk(text, "wt") == text + 5 && strpbrk(text, "z") == nullptr, "strpbrk");
    check(strstr(text, "two") == text + 5 && strstr(text, "") == text && strstr(text, "twx") == nullptr, "strstr");
    check(strnlen(text, 4) == 4 && strnlen("ab", 4) == 2, "strnlen");
    check(strcasecmp("HeLLo", "hEllO") == 0 && strncasecmp("abX", "ABy", 2) == 0, "strcasecmp");
    check(memcmp("a\xff", "a\x01", 2) > 0 && strcmp("\xff", "\x01") > 0, "characters are compared as unsigned");

    char words[] = " a,b  c";
    char* rest = nullptr;
    check(strcmp(strtok_r(words, " ,", &rest), "a") == 0 && strcmp(strtok_r(nullptr, " ,", &rest), "b") == 0 &&
              strcmp(strtok_r(nullptr, " ,", &rest), "c") == 0 && strtok_r(nullptr, " ,", &rest) == nullptr,
              "strtok_r");
    char more[] = "x-y";
    check(strcmp(strtok(more, "-"), "x") == 0 && strcmp(strtok(nullptr, "-"), "y") == 0 &&
              strtok(nullptr, "-") == nullptr, "strtok");
}

}  // namespace

void strings(debug::Check& check) noexcept {
    lengths(check);
    copying(check);
    searching(check);
    check(strcoll("a", "b") < 0, "strcoll");
    char transformed[8];
    check(strxfrm(transformed, "ab", sizeof transformed) == 2, "strxfrm");
    check(strcmp(strerror(ENOENT), strerror(ENOMEM)) != 0 && strerror(ENOSYS)[0] != '\0',
              "strerror tells errors apart");
    check(strerror(12345) != nullptr, "strerror of what is no error");
}

}  // namespace unicore::libc
