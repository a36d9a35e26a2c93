// SPDX-License-Identifier: BSD-3-Clause
// The fscanf family. [ISO C17, 7.21.6.2]
#include "suites.hpp"

#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

namespace unicore::libc {

void input_formats(debug::Check& check) noexcept {
    int a = 0, b = 0, count = 0;
    unsigned hexadecimal = 0;
    long long large = 0;
    std::size_t size = 0;
    float single = 0;
    double real = 0;
    char word[16], set[16], character = 0;
    check(sscanf(" 12 -34", "%d%d", &a, &b) == 2 && a == 12 && b == -34, "%d");
    check(sscanf("0x1f 017", "%i %i", &a, &b) == 2 && a == 31 && b == 15, "%i takes the base from the text");
    check(sscanf("ff", "%x", &hexadecimal) == 1 && hexadecimal == 255, "%x");
    check(sscanf("-9223372036854775808 77", "%lld %zu", &large, &size) == 2 && large == LLONG_MIN && size == 77,
              "%lld %zu");
    check(sscanf("1.5 -2e3", "%f %lf", &single, &real) == 2 && single == 1.5F && real == -2000, "%f %lf");
    check(sscanf("inf", "%f", &single) == 1 && single > 1e38F, "%f of infinity");
    check(sscanf("word abc123 x", "%15s %15[a-c] %*d %c", word, set, &character) == 3 && strcmp(word, "word") == 0 &&
              strcmp(set, "abc") == 0 && character == 'x', "%s %[ %* %c");
    check(sscanf("abcdef", "%3s%n", word, &count) == 1 && strcmp(word, "abc") == 0 && count == 3, "widths and %n");
    check(sscanf("x,y", "%15[^,],%c", word, &character) == 2 && character == 'y', "%[^");
    check(sscanf("", "%d", &a) == EOF, "the end before the first conversion");
    check(sscanf("x", "%d", &a) == 0, "what does not match");
    check(sscanf("7%", "%d%%", &a) == 1 && a == 7, "%%");
}

}  // namespace unicore::libc
