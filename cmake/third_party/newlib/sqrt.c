// SPDX-License-Identifier: BSD-3-Clause
// Square roots by the CPU's instruction, where newlib would compute them bit by bit. [ISO C17, 7.12.7.5]
double __ieee754_sqrt(double value) { return __builtin_sqrt(value); }
float __ieee754_sqrtf(float value) { return __builtin_sqrtf(value); }
