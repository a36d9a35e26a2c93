// SPDX-License-Identifier: BSD-3-Clause
// Two functions that newlib has under other names. [POSIX.1-2017, getdelim]
#include <stdio.h>

ssize_t getdelim(char** restrict line, size_t* restrict size, int end, FILE* restrict stream) {
    return __getdelim(line, size, end, stream);
}

ssize_t getline(char** restrict line, size_t* restrict size, FILE* restrict stream) {
    return __getline(line, size, stream);
}
