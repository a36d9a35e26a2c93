// SPDX-License-Identifier: BSD-3-Clause
// Text to a long double of 128 bits, rounded to nearest. newlib's own makes the x87's 80 bits of it, rounded towards zero,
// whatever the target's long double is. [IEEE 754, binary128; newlib, libc/stdlib/strtodg.c]
#include <_ansi.h>
#include <stdlib.h>
#include <string.h>

#include "mprec.h"
#include "gdtoa.h"

int _strtorx_l(struct _reent* reent, const char* text, char** end, int rounding, void* result, locale_t locale) {
    enum { digits = 113, bias = 16383, nearest = 1 };
    static FPI format = {digits, 1 - bias - digits + 1, 2 * bias - bias - digits + 1, nearest, SI};
    __ULong words[4] = {0};
    Long exponent = 0;
    const int kind = _strtodg_l(reent, text, end, &format, &exponent, words, locale);
    switch (kind & STRTOG_Retmask) {
        case STRTOG_NoNumber:
        case STRTOG_Zero: memset(words, 0, sizeof words); break;
        case STRTOG_Denormal: break;
        case STRTOG_Infinite:
            memset(words, 0, sizeof words);
            words[3] = 0x7fff0000;
            break;
        case STRTOG_NaN:
            memset(words, 0, sizeof words);
            words[3] = 0x7fff8000;
            break;
        default:  // the first digit, which is 1, gives way to the exponent
            words[3] = (words[3] & 0xffff) | (__ULong)(exponent + bias + digits - 1) << 16;
    }
    if (kind & STRTOG_Neg) words[3] |= 0x80000000;
    memcpy(result, words, sizeof words);
    return kind;
}
