// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/base/panic.hpp>
#include <unicore/base/text.hpp>

#include <cassert>

extern "C" {

/// What assert calls: the image ends with a panic, whose message has what ISO C wants. [ISO C17, 7.2.1.1]
void __assert_func(const char* file, int line_number, const char* function, const char* expression) {
    unicore::text::Line line;
    line << "assertion failed: " << expression;
    if (function != nullptr) line << ", in " << function;
    line << ", at " << file << ':' << line_number;
    unicore::panic(line.view());
}

void __assert(const char* file, int line_number, const char* expression) {
    __assert_func(file, line_number, nullptr, expression);
}

}  // extern "C"
