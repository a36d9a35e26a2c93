// SPDX-License-Identifier: BSD-3-Clause
// In C: the threads of ISO C, and that the headers are C. [ISO C17, 7.26]
#include <pthread.h>
#include <semaphore.h>
#include <threads.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int failed;
#define CHECK(condition) ((condition) ? 0 : (failed = 1, printf("%d: %s\n", __LINE__, #condition)))

static mtx_t mutex;
static cnd_t changed;
static tss_t key;
static once_flag flag = ONCE_FLAG_INIT;
static int rounds, inits, destroyed, turn;
static thread_local int own = 5;

static void init(void) { ++inits; }
static void destroy(void* value) { destroyed += *(int*)value; }

static int counts(void* argument) {
    for (int i = 0; i != 100; ++i) {
        mtx_lock(&mutex);
        const int before = rounds;
        thrd_yield();
        rounds = before + 1;
        mtx_unlock(&mutex);
    }
    call_once(&flag, init);
    tss_set(key, argument);
    own += *(int*)argument;
    return own;
}

static int leaves(void* argument) {
    (void)argument;
    thrd_exit(-7);
}

static int waits(void* argument) {
    mtx_lock(&mutex);
    while (turn == 0) cnd_wait(&changed, &mutex);
    mtx_unlock(&mutex);
    return argument == &turn;
}

static struct timespec in(long milliseconds) {
    struct timespec time;
    CHECK(timespec_get(&time, TIME_UTC) == TIME_UTC);
    time.tv_nsec += milliseconds * 1000000;
    time.tv_sec += time.tv_nsec / 1000000000;
    time.tv_nsec %= 1000000000;
    return time;
}

static int tries(void* argument) {
    const struct timespec end = in(5);
    CHECK(mtx_trylock(argument) == thrd_busy);
    CHECK(mtx_timedlock(argument, &end) == thrd_timedout);
    return 0;
}

int main(void) {
    CHECK(mtx_init(&mutex, mtx_timed) == thrd_success && mtx_init(&mutex, 8) == thrd_error);
    CHECK(cnd_init(&changed) == thrd_success && tss_create(&key, destroy) == thrd_success);
    int numbers[4] = {1, 2, 3, 4}, result = 0;
    thrd_t threads[4], one;
    for (int i = 0; i != 4; ++i) CHECK(thrd_create(&threads[i], counts, &numbers[i]) == thrd_success);
    for (int i = 0; i != 4; ++i) CHECK(thrd_join(threads[i], &result) == thrd_success && result == 6 + i);
    CHECK(rounds == 400 && inits == 1 && destroyed == 10 && own == 5 && tss_get(key) == NULL);
    CHECK(thrd_create(&one, leaves, NULL) == thrd_success && thrd_join(one, &result) == thrd_success && result == -7);
    CHECK(thrd_join(one, NULL) == thrd_error);
    CHECK(thrd_equal(thrd_current(), thrd_current()) && !thrd_equal(one, thrd_current()));

    CHECK(thrd_create(&one, waits, &turn) == thrd_success);
    const struct timespec little = {0, 3000000};
    CHECK(thrd_sleep(&little, NULL) == 0 && thrd_sleep(&(struct timespec){0, -1}, NULL) < -1);
    CHECK(mtx_lock(&mutex) == thrd_success);
    turn = 1;
    CHECK(cnd_broadcast(&changed) == thrd_success && mtx_unlock(&mutex) == thrd_success);
    CHECK(thrd_join(one, &result) == thrd_success && result == 1);

    CHECK(mtx_lock(&mutex) == thrd_success);
    const struct timespec end = in(5);
    CHECK(cnd_timedwait(&changed, &mutex, &end) == thrd_timedout && cnd_signal(&changed) == thrd_success);
    CHECK(thrd_create(&one, tries, &mutex) == thrd_success && thrd_join(one, NULL) == thrd_success);
    CHECK(mtx_unlock(&mutex) == thrd_success && mtx_unlock(&mutex) == thrd_error);
    mtx_t again;
    CHECK(mtx_init(&again, mtx_plain | mtx_recursive) == thrd_success && mtx_lock(&again) == thrd_success &&
          mtx_lock(&again) == thrd_success && mtx_unlock(&again) == thrd_success && mtx_unlock(&again) == thrd_success);
    mtx_destroy(&again), mtx_destroy(&mutex), cnd_destroy(&changed), tss_delete(key);
    CHECK(thrd_create(&one, waits, NULL) == thrd_success && thrd_detach(one) == thrd_success &&
          thrd_detach(one) == thrd_error);

    // Objects are zeroes at first, whoever makes them so.
    static pthread_mutex_t zero;
    const pthread_mutex_t fixed = PTHREAD_MUTEX_INITIALIZER;
    CHECK(memcmp(&zero, &fixed, sizeof zero) == 0 && pthread_mutex_lock(&zero) == 0 &&
          pthread_mutex_unlock(&zero) == 0);
    static sem_t semaphore;
    CHECK(sem_trywait(&semaphore) == -1 && sem_post(&semaphore) == 0 && sem_trywait(&semaphore) == 0);
#if _POSIX_THREADS < 200809L || _POSIX_TIMEOUTS < 200809L || !defined PTHREAD_RWLOCK_INITIALIZER
    CHECK(false);
#endif
    if (!failed) puts("all of it");
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
