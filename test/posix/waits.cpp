// SPDX-License-Identifier: BSD-3-Clause
// [POSIX.1-2017, pthread_cond_wait and its like, sem_wait and its like]
#include "posix.hpp"

#include <array>

#include <errno.h>
#include <semaphore.h>

namespace unicore::posix {

namespace {

struct Locked {
    explicit Locked(pthread_mutex_t& mutex) noexcept : mutex(mutex) { pthread_mutex_lock(&mutex); }
    ~Locked() { pthread_mutex_unlock(&mutex); }
    pthread_mutex_t& mutex;
};

void conditions(debug::Check& check) noexcept {
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
    int tokens = 0, taken = 0, waiting = 0;
    auto takes = [&] {
        const Locked locked(mutex);
        ++waiting;
        while (tokens == 0) pthread_cond_wait(&changed, &mutex);
        --tokens, ++taken;
    };
    std::array<pthread_t, 4> threads;
    for (pthread_t& thread : threads) thread = start(takes);
    check(eventually([&] { return waiting == 4; }), "a wait gives the mutex up");
    pause();
    check(pthread_cond_destroy(&changed) == EBUSY, "a condition that is waited for does not end");
    {
        const Locked locked(mutex);
        tokens = 1;
        pthread_cond_signal(&changed);
        pause();
        check(taken == 0, "who waits needs the mutex to go on");
    }
    check(eventually([&] { return taken == 1; }), "a signal wakes one");
    {
        const Locked locked(mutex);
        tokens = 3;
        pthread_cond_broadcast(&changed);
    }
    for (const pthread_t thread : threads) end_of(thread);
    check(taken == 4 && tokens == 0, "a broadcast all");
    check(pthread_cond_signal(&changed) == 0 && pthread_cond_broadcast(&changed) == 0, "nobody has to wait");

    check(pthread_cond_wait(&changed, &mutex) == EPERM, "who waits has the mutex");
    const Locked locked(mutex);
    const timespec past = moment(-10), real = moment(10), monotonic = moment(10, CLOCK_MONOTONIC);
    check(pthread_cond_timedwait(&changed, &mutex, &past) == ETIMEDOUT,
          "the past is over, what was signalled forgotten");
    check(pthread_cond_clockwait(&changed, &mutex, CLOCK_MONOTONIC, &monotonic) == ETIMEDOUT, "a wait ends in time");
    check(pthread_cond_timedwait(&changed, &mutex, &real) == ETIMEDOUT, "by the date");
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    check(now.tv_sec > real.tv_sec || (now.tv_sec == real.tv_sec && now.tv_nsec >= real.tv_nsec), "not before");
    check(pthread_mutex_trylock(&mutex) == EBUSY, "with the mutex");
    check(pthread_cond_timedwait(&changed, &mutex, &nonsense) == EINVAL &&
          pthread_cond_clockwait(&changed, &mutex, 77, &real) == EINVAL, "until what is a moment");
    check(pthread_cond_destroy(&changed) == 0, "it ends");

    pthread_condattr_t attributes;
    clockid_t clock = 0;
    int shared = -1;
    check(pthread_condattr_init(&attributes) == 0 && pthread_condattr_getclock(&attributes, &clock) == 0 &&
          clock == CLOCK_REALTIME, "its clock is the date's");
    check(pthread_condattr_setclock(&attributes, 77) == EINVAL &&
          pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0 &&
          pthread_condattr_getclock(&attributes, &clock) == 0 && clock == CLOCK_MONOTONIC, "or the other");
    check(pthread_condattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED) == 0 &&
          pthread_condattr_getpshared(&attributes, &shared) == 0 && shared == PTHREAD_PROCESS_SHARED, "it is shared");
    check(pthread_cond_init(&changed, &attributes) == 0, "a condition with attributes");
    const timespec soon = moment(10, CLOCK_MONOTONIC);
    const long begin = milliseconds();
    check(pthread_cond_timedwait(&changed, &mutex, &soon) == ETIMEDOUT && milliseconds() - begin >= 9,
          "keeps to its clock");
    check(pthread_condattr_destroy(&attributes) == 0 && pthread_cond_destroy(&changed) == 0, "both end");
}

/// However often it was locked.
void recursive(debug::Check& check) noexcept {
    pthread_mutex_t mutex = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
    pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
    bool ready = false;
    auto makes = [&] {
        const Locked locked(mutex);
        ready = true;
        pthread_cond_signal(&changed);
    };
    const Locked once(mutex), twice(mutex);
    const pthread_t thread = start(makes);
    while (!ready) pthread_cond_wait(&changed, &mutex);
    end_of(thread);
    check(ready, "a wait gives a mutex up that is locked twice");
    int error = 0;
    auto tries = [&] { error = pthread_mutex_trylock(&mutex); };
    pthread_mutex_unlock(&mutex);
    end_of(start(tries));
    check(error == EBUSY, "and has it as often afterwards");
    pthread_mutex_lock(&mutex);
}

/// What each side waits for the other has: handed to and fro.
void to_and_fro(debug::Check& check) noexcept {
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
    int turn = 0, swaps = 0;
    struct Player {
        pthread_mutex_t& mutex;
        pthread_cond_t& changed;
        int &turn, &swaps, own;
        void operator()() noexcept {
            for (int i = 0; i != 500; ++i) {
                const Locked locked(mutex);
                while (turn != own) pthread_cond_wait(&changed, &mutex);
                turn = 1 - own, ++swaps;
                pthread_cond_signal(&changed);
            }
        }
    };
    Player first{mutex, changed, turn, swaps, 0}, second{mutex, changed, turn, swaps, 1};
    const pthread_t one = start(first), two = start(second);
    end_of(one), end_of(two);
    check(swaps == 1000, "two threads take turns");
}

void semaphores(debug::Check& check) noexcept {
    sem_t semaphore;
    errno = 0;
    check(sem_init(&semaphore, 0, 0x80000000U) == -1 && errno == EINVAL, "a semaphore counts so far");
    check(sem_init(&semaphore, 1, 2) == 0, "and begins where it is told");
    int value = -1;
    check(sem_getvalue(&semaphore, &value) == 0 && value == 2, "which it tells");
    check(sem_wait(&semaphore) == 0 && sem_trywait(&semaphore) == 0, "it counts down");
    check(sem_trywait(&semaphore) == -1 && errno == EAGAIN, "to 0");
    const timespec soon = moment(5), monotonic = moment(5, CLOCK_MONOTONIC);
    check(sem_timedwait(&semaphore, &soon) == -1 && errno == ETIMEDOUT, "who waits does so");
    check(sem_clockwait(&semaphore, CLOCK_MONOTONIC, &monotonic) == -1 && errno == ETIMEDOUT, "by either clock");
    check(sem_timedwait(&semaphore, &nonsense) == -1 && errno == EINVAL, "until what is a moment");
    check(sem_clockwait(&semaphore, 77, &soon) == -1 && errno == EINVAL, "of a clock");
    int got = 0;
    auto takes = [&] { got += sem_wait(&semaphore) == 0; };
    const pthread_t one = start(takes), two = start(takes);
    pause();
    check(got == 0 && sem_getvalue(&semaphore, &value) == 0 && value == 0, "two threads wait");
    check(sem_destroy(&semaphore) == -1 && errno == EBUSY, "which is no time to end it");
    check(sem_post(&semaphore) == 0 && eventually([&] { return got == 1; }), "a post wakes one");
    pause();
    check(got == 1 && sem_post(&semaphore) == 0, "and another the other");
    end_of(one), end_of(two);
    check(got == 2 && sem_getvalue(&semaphore, &value) == 0 && value == 0, "nothing is left");
    check(sem_post(&semaphore) == 0 && sem_timedwait(&semaphore, &nonsense) == 0, "what is there needs no moment");
    check(sem_destroy(&semaphore) == 0 && sem_init(&semaphore, 0, 0x7fffffff) == 0 && sem_post(&semaphore) == -1 &&
          errno == EOVERFLOW, "it does not count further");
}

}  // namespace

void wait_suite(debug::Check& check) noexcept {
    conditions(check);
    recursive(check);
    to_and_fro(check);
    semaphores(check);
}

}  // namespace unicore::posix
