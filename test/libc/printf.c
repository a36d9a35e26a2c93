/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>

int main(void) {
    printf("Hello %.1f\n", 2.5);
    return 0;
}
