// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/debug/check.hpp>

#include <stdio.h>
#include <string.h>

namespace unicore::libc {

void conformance(debug::Check& check) noexcept {
    char text[64];
    check(snprintf(text, sizeof text, "%d %.1f", 1, 2.5) == 5 && strcmp(text, "1 2.5") == 0, "numbers are printed");
}

}  // namespace unicore::libc
