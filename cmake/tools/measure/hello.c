// SPDX-License-Identifier: BSD-3-Clause
// What every C programmer writes first: the baseline for the start of a process.
#include <stdio.h>

int main(void) {
    puts("Hello from C!");
    return 0;
}
