// SPDX-License-Identifier: BSD-3-Clause
#include <cstdio>

#include <fmt/compile.h>

int main() {
    char text[64];
    *fmt::format_to(text, FMT_COMPILE("Hello {} {:.1f}"), 42, 2.5) = '\0';
    std::puts(text);
}
