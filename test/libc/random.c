/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(void) {
    unsigned char one[32] = {0}, other[32] = {0}, large[257];
    if (getentropy(one, sizeof one) != 0 || getentropy(other, sizeof other) != 0 || memcmp(one, other,
        sizeof one) == 0) return 1;
    errno = 0;
    if (getentropy(large, sizeof large) != -1 || errno != EIO) return 2;
    for (int i = 0; i < 100; ++i)
        if (arc4random_uniform(10) >= 10) return 3;
    puts("random");
    return 0;
}
