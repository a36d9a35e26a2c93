/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>

int main(void) {
    iprintf("Hello %d\n", 42);
    return 0;
}
