// SPDX-License-Identifier: BSD-3-Clause
// A mutex of the default kind, locked twice. [POSIX.1-2017, pthread_mutex_lock: undefined]
#include <errno.h>
#include <pthread.h>
#include <stdio.h>

int main(int count, char** values) {
    (void)values;
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&mutex);
    struct timespec end;
    clock_gettime(CLOCK_REALTIME, &end);
    if (count == 1) return pthread_mutex_lock(&mutex);
    if (pthread_mutex_timedlock(&mutex, &end) != ETIMEDOUT) return 1;
    puts("timed out");
    return 0;
}
