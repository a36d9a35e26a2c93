// SPDX-License-Identifier: BSD-3-Clause
// Values whose results are known exactly, or to the last places of a double. [ISO C17, 7.12; IEEE 754]
#include "suites.hpp"

#include <errno.h>
#include <float.h>
#include <math.h>

namespace unicore::libc {
namespace {

/// Not known to the compiler, which would compute with it.
double of(double value) noexcept {
    asm volatile("" : "+m"(value));
    return value;
}

bool close_to(double value, double wanted) noexcept { return fabs(value - wanted) <= 4 * DBL_EPSILON * fabs(wanted); }

void exact(debug::Check& check) noexcept {
    check(sqrt(of(2)) == 0x1.6a09e667f3bcdp+0 && sqrtf(static_cast<float>(of(9))) == 3, "sqrt is rounded correctly");
    check(floor(of(-1.5)) == -2 && ceil(of(-1.5)) == -1 && trunc(of(-1.5)) == -1 && round(of(-1.5)) == -2,
              "floor, ceil, trunc, round");
    check(rint(of(2.5)) == 2 && nearbyint(of(3.5)) == 4 && lrint(of(-2.5)) == -2 && llround(of(2.5)) == 3,
              "rint, nearbyint, lrint, llround");
    check(fmod(of(5.5), of(-2)) == 1.5 && remainder(of(5), of(3)) == -1, "fmod, remainder");
    int exponent = 0;
    double whole = 0;
    check(frexp(of(-10), &exponent) == -0.625 && exponent == 4 && ldexp(of(0.75), 3) == 6, "frexp, ldexp");
    check(modf(of(-3.25), &whole) == -0.25 && whole == -3, "modf");
    check(scalbn(of(1), -1074) == 0x1p-1074 && ilogb(of(8)) == 3 && logb(of(0.25)) == -2, "scalbn, ilogb, logb");
    check(fabs(of(-1)) == 1 && copysign(of(1), of(-0.0)) == -1 && fmax(of(1), NAN) == 1 && fmin(of(1), of(2)) == 1,
              "fabs, copysign, fmax, fmin");
    check(fma(of(2), of(3), of(4)) == 10, "fma");
    check(nextafter(of(1), of(2)) == 1 + DBL_EPSILON && fdim(of(1), of(3)) == 0 && hypot(of(3), of(4)) == 5,
              "nextafter, fdim, hypot");
    check(isnan(NAN) && isinf(HUGE_VAL) && isfinite(of(1)) && isnormal(of(1)) && !isnormal(of(0x1p-1074)) &&
              fpclassify(of(0.0)) == FP_ZERO && signbit(of(-0.0)), "classification");
}

void near(debug::Check& check) noexcept {
    check(close_to(exp(of(1)), 2.718281828459045235) && close_to(log(of(10)), 2.302585092994045684), "exp, log");
    check(log2(of(8)) == 3 && close_to(log10(of(1000)), 3) && close_to(exp2(of(0.5)), 1.4142135623730950488),
              "log2, log10, exp2");
    check(close_to(expm1(of(1e-10)), 1.00000000005e-10) && close_to(log1p(of(1e-10)), 9.9999999995e-11),
              "expm1, log1p");
    check(pow(of(2), of(10)) == 1024 && close_to(pow(of(2), of(0.5)), 1.4142135623730950488), "pow");
    check(close_to(sin(of(1)), 0.84147098480789650665) && close_to(cos(of(1)), 0.54030230586813971740) &&
              close_to(tan(of(1)), 1.5574077246549022305), "sin, cos, tan");
    check(close_to(sin(of(1e22)), -0.85220084976718880), "sin of a large number");
    check(close_to(asin(of(1)), 1.5707963267948966192) && acos(of(1)) == 0 &&
              close_to(atan2(of(-1), of(-1)), -2.3561944901923449288), "asin, acos, atan2");
    check(close_to(sinh(of(1)), 1.1752011936438014569) && close_to(cosh(of(1)), 1.5430806348152437785) &&
              close_to(tanh(of(1)), 0.76159415595576488812), "sinh, cosh, tanh");
    check(close_to(tgamma(of(5)), 24) && close_to(erf(of(1)), 0.84270079294971486934) && close_to(cbrt(of(27)), 3),
              "tgamma, erf, cbrt");
    const auto one = static_cast<float>(of(1)), three = static_cast<float>(of(3));
    check(fabsf(sinf(one) - 0.84147098F) < 1e-6F && fabsf(powf(2.0F, three) - 8) < 1e-5F, "sinf, powf");
}

}  // namespace

void numbers(debug::Check& check) noexcept {
    exact(check);
    near(check);
    check(isnan(sqrt(of(-1))) && isnan(log(of(-1))) && isinf(log(of(0))) && isinf(exp(of(1000))) &&
              exp(of(-1000)) == 0, "errors of domain and range");
}

}  // namespace unicore::libc
