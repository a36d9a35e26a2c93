// SPDX-License-Identifier: BSD-3-Clause
// Two POSIX threads that yield to each other on one processor: yield TURNS prints the nanoseconds of a turn of both.
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static long turns;

static void* yield(void* nothing) {
    for (long left = turns; left != 0; --left) sched_yield();
    return nothing;
}

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

int main(int argc, char** argv) {
    turns = argc > 1 ? atol(argv[1]) : 100000;
    cpu_set_t here;
    CPU_ZERO(&here);
    CPU_SET(sched_getcpu(), &here);
    pthread_t other;
    if (turns <= 0 || sched_setaffinity(0, sizeof here, &here) != 0 || pthread_create(&other, NULL, yield, NULL) != 0) {
        perror("yield");
        return 1;
    }
    const int64_t begin = now();
    yield(NULL);
    const int64_t taken = now() - begin;
    pthread_join(other, NULL);
    printf("%.1f\n", (double)taken / (double)turns);
    return 0;
}
