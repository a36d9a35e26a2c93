// SPDX-License-Identifier: BSD-3-Clause
// The fprintf family. [ISO C17, 7.21.6]
#include "suites.hpp"

#include <float.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

namespace unicore::libc {
namespace {

/// Whether a format makes `wanted` of its arguments, and says how long that is.
[[gnu::format(printf, 2, 3)]] bool gives(const char* wanted, const char* format, ...) noexcept {
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    const int size = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return size == static_cast<int>(strlen(wanted)) && strcmp(text, wanted) == 0;
}

void integers(debug::Check& check) noexcept {
    check(gives("0 -1 2147483647", "%d %i %d", 0, -1, INT_MAX), "%d");
    check(gives("-2147483648", "%d", INT_MIN), "%d of the least");
    check(gives("4294967295 37777777777 ffffffff FFFFFFFF", "%u %o %x %X", UINT_MAX, UINT_MAX, UINT_MAX, UINT_MAX),
              "%u %o %x %X");
    check(gives("0x2a 052 0", "%#x %#o %#x", 42U, 42U, 0U), "%#");
    check(gives("-9223372036854775808 18446744073709551615", "%lld %llu", LLONG_MIN, ULLONG_MAX), "%lld %llu");
    check(gives("ffffffffffffffff", "%llx", ULLONG_MAX), "%llx");
    check(gives("-1 255 -1 65535", "%hhd %hhu %hd %hu", 255, 255, 65535, 65535), "%hh %h");
    check(gives("123 abc -7", "%zu %zx %td", std::size_t{123}, std::size_t{0xabc}, std::ptrdiff_t{-7}), "%z %t");
    check(gives("-5 9223372036854775807", "%jd %" PRId64, std::intmax_t{-5}, INT64_MAX), "%j and PRId64");
    check(gives("-1", "%ld", -1L), "%ld");
    check(gives("   42|42   |00042|+42| 42|   +42", "%5d|%-5d|%05d|%+d|% d|%+6d", 42, 42, 42, 42, 42, 42),
              "flags and widths");
    check(gives("  007|007|", "%5.3d|%.3d|%.0d", 7, 7, 0), "precision of integers");
    check(gives("   42|42   |", "%*d|%*d|", 5, 42, -5, 42), "width from an argument");
}

void floating(debug::Check& check) noexcept {
    check(gives("1.500000 -0.000000 100.00", "%f %f %.2f", 1.5, -0.0, 100.0), "%f");
    check(gives("0.1 0.3 2 2 4", "%.1f %.1f %.0f %.0f %.0f", 0.125, 0.25 + 0.03125, 1.5, 2.5, 3.5),
              "%f rounds to even");
    check(gives("1.797693e+308", "%e", DBL_MAX), "%e of the largest");
    check(gives("1e+10|1.E+10|1.00e-05", "%.0e|%#.0E|%.2e", 1e10, 1e10, 1e-5), "%e");
    check(gives("100000 1e+06 0.0001 1e-05 1.5", "%g %g %g %g %g", 1e5, 1e6, 1e-4, 1e-5, 1.5), "%g");
    check(gives("1.50000", "%#g", 1.5), "%#g");
    check(gives("0x1p+0 0x1.8p+1 -0x1p-1 0X1.FP+3", "%a %a %a %A", 1.0, 3.0, -0.5, 15.5), "%a");
    check(gives("0x1.0p+0 0x0p+0", "%.1a %a", 1.0, 0.0), "%a with a precision");
    check(gives("inf -inf nan INF", "%f %f %g %F", HUGE_VAL, -HUGE_VAL, fabs(static_cast<double>(NAN)), HUGE_VAL),
              "infinities and NaN");
    check(gives("  inf|inf  |", "%05f|%-5f|", HUGE_VAL, HUGE_VAL), "infinities are not padded with zeros");
    check(gives("0.1000000000000000055511151231257827", "%.34f", 0.1), "%f is exact");
    check(gives("4.9406564584124654e-324", "%.17g", 4.9406564584124654e-324), "%g of the least");
    check(gives("+1.5|  1.5|1.5  |001.5", "%+.1f|%5.1f|%-5.1f|%05.1f", 1.5, 1.5, 1.5, 1.5), "flags and widths of %f");
    check(gives("1.25 2.500000", "%.2Lf %Lf", 1.25L, 2.5L), "%Lf");
    char text[512];
    check(snprintf(text, sizeof text, "%.0f", DBL_MAX) == 309, "%f of the largest has 309 digits");
}

void rest(debug::Check& check) noexcept {
    check(gives("text|  text|text  |te", "%s|%6s|%-6s|%.2s", "text", "text", "text", "text"), "%s");
    check(gives("c|  c|%", "%c|%3c|%%", 'c', 'c'), "%c %%");
    const char unterminated[3] = {'a', 'b', 'c'};
    check(gives("abc", "%.3s", unterminated), "%.3s reads no further");
    check(gives("0x1234", "%p", reinterpret_cast<void*>(0x1234)), "%p");
    int so_far = 0;
    long long so_far_long = 0;
    check(gives("12345678", "1234%n5678%lln", &so_far, &so_far_long) && so_far == 4 && so_far_long == 8, "%n");
    check(gives("wide", "%ls", L"wide") && gives("w", "%lc", wint_t{L'w'}), "%ls %lc");

    char text[8] = "xxxxxxx";
    check(snprintf(text, 4, "%d", 123456) == 6 && strcmp(text, "123") == 0 && text[4] == 'x',
              "snprintf cuts, and says the size");
    check(snprintf(nullptr, 0, "%d", 123456) == 6, "snprintf into nothing");
    check(sprintf(text, "%s", "abc") == 3 && strcmp(text, "abc") == 0, "sprintf");
}

}  // namespace

void output_formats(debug::Check& check) noexcept {
    integers(check);
    floating(check);
    rest(check);
}

}  // namespace unicore::libc
