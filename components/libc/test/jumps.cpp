// SPDX-License-Identifier: BSD-3-Clause
// [ISO C17, 7.13]
#include "suites.hpp"

#include <setjmp.h>

namespace unicore::libc {
namespace {

jmp_buf place;

[[noreturn]] void jump(int value, int depth) noexcept {
    volatile char frame[256] = {};
    if (depth != 0 && frame[255] == 0) jump(value, depth - 1);
    longjmp(place, value);
}

[[gnu::noinline]] int value_of_jump(int value) noexcept {
    const int returned = setjmp(place);
    if (returned == 0) jump(value, 10);
    return returned;
}

/// Uses every register that a function must keep, then jumps.
[[gnu::noinline, noreturn]] void overwrite_and_jump(volatile double* numbers) noexcept {
    double a = numbers[0], b = numbers[1], c = numbers[2], d = numbers[3], e = numbers[4], f = numbers[5];
    for (int i = 0; i < 3; ++i) {
        a += b * numbers[i], b -= c, c += d, d -= e, e += f, f -= a;
        asm volatile("" ::: "memory");
    }
    numbers[7] = a + b + c + d + e + f;
    jump(1, 0);
}

/// The caller of a function that jumps past it: its numbers live in registers, where the CPU has some to keep.
[[gnu::noinline]] double sum_around(volatile double* numbers, bool through) noexcept {
    const double a = numbers[0], b = numbers[1], c = numbers[2], d = numbers[3], e = numbers[4], f = numbers[5];
    if (through) {
        if (setjmp(place) == 0) overwrite_and_jump(numbers);
    }
    return a + 2 * b + 4 * c + 8 * d + 16 * e + 32 * f;
}

[[gnu::noinline]] double keep_and_call(volatile double* numbers) noexcept {
    const double a = numbers[1], b = numbers[2], c = numbers[3], d = numbers[4], e = numbers[5], f = numbers[6];
    const double inner = sum_around(numbers, true);
    return inner + a + 2 * b + 4 * c + 8 * d + 16 * e + 32 * f;
}

}  // namespace

void jumps(debug::Check& check) noexcept {
    check(value_of_jump(7) == 7 && value_of_jump(-1) == -1, "setjmp returns what longjmp was given");
    check(value_of_jump(0) == 1, "but 1 instead of 0");
    volatile double numbers[8] = {1, 2, 3, 4, 5, 6, 7};
    const double inner = 1 + 2 * 2 + 4 * 3 + 8 * 4 + 16 * 5 + 32 * 6;
    const double outer = 2 + 2 * 3 + 4 * 4 + 8 * 5 + 16 * 6 + 32 * 7;
    check(keep_and_call(numbers) == inner + outer, "floating-point registers that callers keep are restored");
    volatile int changed = 1;
    if (setjmp(place) == 0) {
        changed = 2;
        jump(1, 3);
    }
    check(changed == 2, "volatile variables have their latest value");
}

}  // namespace unicore::libc
