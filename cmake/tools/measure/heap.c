// SPDX-License-Identifier: BSD-3-Clause
// examples/heap/workload.h with a heap of this machine: heap TURNS prints the nanoseconds of a turn. MIMALLOC is
// defined for mimalloc's heap; the C library's has a cache in front or not, as its tunables say.
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#ifdef MIMALLOC
void* mi_malloc(size_t size);
void mi_free(void* block);
#define ALLOCATE(size) mi_malloc(size)
#define RELEASE(block) mi_free(block)
#else
#define ALLOCATE(size) malloc(size)
#define RELEASE(block) free(block)
#endif
#include "workload.h"

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

int main(int argc, char** argv) {
    const uint64_t turns = argc > 1 ? strtoull(argv[1], NULL, 10) : 1000000;
    const int64_t begin = now();
    if (turns == 0 || !churn(turns)) return 1;
    printf("%.2f\n", (double)(now() - begin) / (double)turns);
    return 0;
}
