// SPDX-License-Identifier: BSD-3-Clause
// Numbers from text. [ISO C17, 7.22.1]
#include "suites.hpp"

#include <errno.h>
#include <float.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

namespace unicore::libc {
namespace {

void real(debug::Check& check) noexcept {
    char* end = nullptr;
    const char* text = " -1.25e2x";
    check(strtod(text, &end) == -125 && *end == 'x', "strtod stops where the number ends");
    check(strtod("0x1.8p1", nullptr) == 3, "strtod, hexadecimal");
    check(isinf(strtod("-INFinity", &end)) && *end == '\0' && signbit(strtod("-inf", nullptr)), "strtod, infinity");
    check(isnan(strtod("nan", nullptr)) && isnan(strtod("NAN(12)", &end)) && *end == '\0', "strtod, NaN");
    text = "e5";
    check(strtod(text, &end) == 0 && end == text, "strtod of no number");
    text = "1e+";
    check(strtod(text, &end) == 1 && end == text + 1, "strtod gives an incomplete exponent back");
    errno = 0;
    check(strtod("1e400", nullptr) == HUGE_VAL && errno == ERANGE, "strtod of too much");
    errno = 0;
    check(strtod("1e-400", nullptr) < DBL_MIN && errno == ERANGE, "strtod of too little");
    check(strtod("2.2250738585072011e-308", nullptr) == 0x0.fffffffffffffp-1022, "strtod below the normal numbers");
    check(strtod("9007199254740993", nullptr) == 9007199254740992.0, "strtod rounds to even");
    check(strtod("0.1", nullptr) == 0x1.999999999999ap-4, "strtod rounds to nearest");
    check(signbit(strtod("-0", nullptr)) != 0, "strtod of -0");
    check(strtof("16777217", nullptr) == 16777216.0F && strtof("0.1", nullptr) == 0.1F, "strtof");
    check(strtold("0.5", nullptr) == 0.5L && strtold("0.1", nullptr) == 0.1L && strtold("-1e300", nullptr) == -1e300L,
              "strtold");
    check(strtold("0x1.8p-3", &end) == 0.1875L && strtold("0", nullptr) == 0 && isinf(strtold("inf", nullptr)) &&
              isnan(strtold("nan", nullptr)), "strtold, hexadecimal and special");
    check(LDBL_MIN_EXP == DBL_MIN_EXP || strtold("3.3621e-4932", nullptr) > 0, "strtold of what no double is");
    check(atof("2.5") == 2.5, "atof");
}

void whole(debug::Check& check) noexcept {
    char* end = nullptr;
    check(strtol(" +42abc", &end, 10) == 42 && *end == 'a', "strtol");
    check(strtol("0x1F", nullptr, 0) == 31 && strtol("017", nullptr, 0) == 15 && strtol("17", nullptr, 0) == 17,
              "strtol, base 0");
    check(strtol("0xg", nullptr, 16) == 0, "strtol of a prefix alone");
    check(strtol("zZ", nullptr, 36) == 35 * 36 + 35, "strtol, base 36");
    errno = 0;
    check(strtol("99999999999999999999", nullptr, 10) == LONG_MAX && errno == ERANGE, "strtol of too much");
    errno = 0;
    check(strtol("-99999999999999999999", nullptr, 10) == LONG_MIN && errno == ERANGE, "strtol of too little");
    errno = 0;
    check(strtoll("-9223372036854775808", nullptr, 10) == LLONG_MIN && errno == 0, "strtoll of the least");
    check(strtoull("18446744073709551615", nullptr, 10) == ULLONG_MAX && errno == 0, "strtoull of the largest");
    check(strtoull("18446744073709551616", nullptr, 10) == ULLONG_MAX && errno == ERANGE, "strtoull of more");
    check(strtoul("-1", nullptr, 10) == ULONG_MAX, "strtoul of -1");
    const char* none = "  x";
    check(strtol(none, &end, 10) == 0 && end == none, "strtol of no number");
    check(strtoimax("-12", nullptr, 10) == -12 && strtoumax("12", nullptr, 10) == 12, "strtoimax, strtoumax");
    check(atoi("-7") == -7 && atol("8") == 8 && atoll("9000000000") == 9000000000LL, "atoi, atol, atoll");
}

}  // namespace

void conversions(debug::Check& check) noexcept {
    real(check);
    whole(check);
}

}  // namespace unicore::libc
