// SPDX-License-Identifier: BSD-3-Clause
// [POSIX.1-2017, pthread_mutex_lock and its like, pthread_rwlock_rdlock and its like, pthread_barrier_wait,
// pthread_spin_lock]
#include "posix.hpp"

#include <array>

#include <errno.h>
#include <sched.h>

namespace unicore::posix {

namespace {

pthread_mutex_t made(int kind) noexcept {
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, kind);
    pthread_mutex_t mutex;
    pthread_mutex_init(&mutex, &attributes);
    return mutex;
}

void kinds(debug::Check& check) noexcept {
    pthread_mutex_t fixed[] = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP,
                               PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP};
    constexpr int kinds[] = {PTHREAD_MUTEX_DEFAULT, PTHREAD_MUTEX_ERRORCHECK, PTHREAD_MUTEX_RECURSIVE,
                             PTHREAD_MUTEX_NORMAL};
    int taken = 0;
    for (int i = 0; i != 7; ++i) {
        pthread_mutex_t own = made(kinds[i % 4]);
        pthread_mutex_t& mutex = i < 3 ? fixed[i] : own;
        const bool recursive = i < 3 ? i == 2 : kinds[i % 4] == PTHREAD_MUTEX_RECURSIVE;
        check(pthread_mutex_unlock(&mutex) == EPERM, "a free mutex is not unlocked");
        check(pthread_mutex_lock(&mutex) == 0, "a mutex is locked");
        check(pthread_mutex_destroy(&mutex) == EBUSY, "and not destroyed then");
        check(pthread_mutex_trylock(&mutex) == (recursive ? 0 : EBUSY), "it is locked again if it is recursive");
        int tried = 0, unlocked = 0, timed = 0;
        auto others = [&] {
            tried = pthread_mutex_trylock(&mutex);
            unlocked = pthread_mutex_unlock(&mutex);
            const timespec end = moment(5);
            timed = pthread_mutex_timedlock(&mutex, &end);
        };
        end_of(start(others));
        check(tried == EBUSY && unlocked == EPERM && timed == ETIMEDOUT, "others neither lock nor unlock it");
        if (recursive) check(pthread_mutex_unlock(&mutex) == 0, "it is unlocked as often");
        auto takes = [&] { taken += pthread_mutex_lock(&mutex) == 0 && pthread_mutex_unlock(&mutex) == 0; };
        const pthread_t thread = start(takes);
        pause();
        check(taken == i, "who wants it waits");
        check(pthread_mutex_unlock(&mutex) == 0, "it is unlocked");
        end_of(thread);
        check(taken == i + 1 && pthread_mutex_unlock(&mutex) == EPERM, "and another has it");
        check(pthread_mutex_destroy(&mutex) == 0, "it ends");
    }
}

void relocking(debug::Check& check) noexcept {
    pthread_mutex_t strict = made(PTHREAD_MUTEX_ERRORCHECK), normal = made(PTHREAD_MUTEX_NORMAL);
    const timespec soon = moment(5), monotonic = moment(5, CLOCK_MONOTONIC);
    pthread_mutex_lock(&strict);
    check(pthread_mutex_lock(&strict) == EDEADLK && pthread_mutex_timedlock(&strict, &soon) == EDEADLK,
          "a mutex that checks says so when it is locked twice");
    pthread_mutex_unlock(&strict);
    pthread_mutex_lock(&normal);
    long begin = milliseconds();
    check(pthread_mutex_clocklock(&normal, CLOCK_MONOTONIC, &monotonic) == ETIMEDOUT, "a normal one waits in vain");
    check(pthread_mutex_timedlock(&normal, &soon) == ETIMEDOUT && milliseconds() - begin < 10'000, "so long");
    check(pthread_mutex_timedlock(&normal, &nonsense) == EINVAL &&
          pthread_mutex_clocklock(&normal, 77, &soon) == EINVAL,
          "until a moment that is one");
    pthread_mutex_unlock(&normal);
    check(pthread_mutex_timedlock(&normal, &nonsense) == 0, "which a free mutex does not ask for");
    const timespec past = moment(-1000);
    check(pthread_mutex_timedlock(&normal, &past) == ETIMEDOUT, "the past is over");
    pthread_mutex_unlock(&normal);
    check(pthread_mutex_timedlock(&normal, &past) == 0 && pthread_mutex_unlock(&normal) == 0, "unless it is free");

    pthread_mutexattr_t attributes;
    int number = -1;
    check(pthread_mutexattr_init(&attributes) == 0 && pthread_mutexattr_gettype(&attributes, &number) == 0 &&
          number == PTHREAD_MUTEX_DEFAULT, "mutexes have attributes");
    check(pthread_mutexattr_settype(&attributes, 77) == EINVAL, "some kinds");
    check(pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED) == 0 &&
          pthread_mutexattr_getpshared(&attributes, &number) == 0 && number == PTHREAD_PROCESS_SHARED &&
          pthread_mutexattr_setpshared(&attributes, 7) == EINVAL, "they are shared");
    check(pthread_mutexattr_getprotocol(&attributes, &number) == 0 && number == PTHREAD_PRIO_NONE &&
          pthread_mutexattr_setprotocol(&attributes, PTHREAD_PRIO_NONE) == 0 &&
          pthread_mutexattr_setprotocol(&attributes, PTHREAD_PRIO_PROTECT) == ENOTSUP &&
          pthread_mutexattr_setprotocol(&attributes, 7) == EINVAL, "some have protocols");
    check(pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_STALLED) == 0 &&
          pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST) == ENOTSUP &&
          pthread_mutexattr_setrobust(&attributes, 7) == EINVAL &&
          pthread_mutexattr_getrobust(&attributes, &number) == 0 && number == PTHREAD_MUTEX_STALLED, "none is robust");
    check(pthread_mutex_consistent(&normal) == EINVAL && pthread_mutex_getprioceiling(&normal, &number) == EINVAL,
          "nor has a ceiling");
    check(pthread_mutexattr_destroy(&attributes) == 0, "attributes end");
}

void readers_and_writers(debug::Check& check) noexcept {
    pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
    check(pthread_rwlock_unlock(&lock) == EPERM, "a free lock is not unlocked");
    check(pthread_rwlock_rdlock(&lock) == 0 && pthread_rwlock_tryrdlock(&lock) == 0, "a thread reads, and again");
    check(pthread_rwlock_trywrlock(&lock) == EBUSY && pthread_rwlock_destroy(&lock) == EBUSY, "nobody writes then");
    int read = -1, timed = -1;
    auto reads = [&] {
        read = pthread_rwlock_rdlock(&lock);
        const timespec end = moment(5);
        timed = pthread_rwlock_timedwrlock(&lock, &end);
        pthread_rwlock_unlock(&lock);
    };
    end_of(start(reads));
    check(read == 0, "others read meanwhile");
    check(timed == ETIMEDOUT, "and cannot write");

    // A writer waits; a new reader stands behind it, one that reads already does not.
    bool wrote = false, read_before = false, read_after = false;
    auto writes = [&] {
        pthread_rwlock_wrlock(&lock);
        wrote = true;
        pause(5);
        read_before = read_after;
        pthread_rwlock_unlock(&lock);
    };
    auto reads_later = [&] {
        pthread_rwlock_rdlock(&lock);
        read_after = wrote;
        pthread_rwlock_unlock(&lock);
    };
    const pthread_t writer = start(writes);
    pause();
    const pthread_t reader = start(reads_later);
    pause();
    check(pthread_rwlock_rdlock(&lock) == 0, "who reads may read again while a writer waits");
    check(!wrote && !read_after, "others wait");
    for (int i = 0; i != 3; ++i) pthread_rwlock_unlock(&lock);
    end_of(writer), end_of(reader);
    check(wrote && !read_before && read_after, "the writer comes first, and alone");

    check(pthread_rwlock_wrlock(&lock) == 0, "a thread writes");
    check(pthread_rwlock_wrlock(&lock) == EDEADLK && pthread_rwlock_rdlock(&lock) == EDEADLK &&
          pthread_rwlock_tryrdlock(&lock) == EBUSY, "once");
    const timespec end = moment(5), monotonic = moment(5, CLOCK_MONOTONIC);
    std::array<int, 5> errors{};
    auto tries = [&] {
        errors = {pthread_rwlock_timedrdlock(&lock, &end),
                  pthread_rwlock_clockwrlock(&lock, CLOCK_MONOTONIC, &monotonic),
                  pthread_rwlock_timedrdlock(&lock, &nonsense), pthread_rwlock_unlock(&lock),
                  pthread_rwlock_clockrdlock(&lock, 77, &end)};
    };
    end_of(start(tries));
    check(errors == std::array{ETIMEDOUT, ETIMEDOUT, EINVAL, EPERM, EINVAL}, "others wait so long");
    pthread_rwlock_unlock(&lock);

    // Readers behind a writer that gives up go on.
    pthread_rwlock_rdlock(&lock);
    auto gives_up = [&] {
        const timespec soon = moment(30);
        timed = pthread_rwlock_timedwrlock(&lock, &soon);
    };
    read_after = false, wrote = true;
    const pthread_t impatient = start(gives_up);
    pause();
    const pthread_t behind = start(reads_later);
    end_of(impatient), end_of(behind);
    check(timed == ETIMEDOUT && read_after, "readers go on when the writer gives up");
    pthread_rwlock_unlock(&lock);
    check(pthread_rwlock_destroy(&lock) == 0 && pthread_rwlock_init(&lock, nullptr) == 0 &&
          pthread_rwlock_trywrlock(&lock) == 0 && pthread_rwlock_unlock(&lock) == 0, "a lock ends, and begins");
    pthread_rwlockattr_t attributes;
    int shared = -1;
    check(pthread_rwlockattr_init(&attributes) == 0 && pthread_rwlockattr_setpshared(&attributes, 7) == EINVAL &&
          pthread_rwlockattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED) == 0 &&
          pthread_rwlockattr_getpshared(&attributes, &shared) == 0 && shared == PTHREAD_PROCESS_SHARED,
          "it has attributes");
}

/// Readers that come all the time do not starve a writer, nor writers a reader.
void fairness(debug::Check& check) noexcept {
    pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
    bool over = false;
    auto reads = [&] {
        while (!over) {
            pthread_rwlock_rdlock(&lock);
            pause(1);
            pthread_rwlock_unlock(&lock);
        }
    };
    auto writes = [&] {
        while (!over) {
            pthread_rwlock_wrlock(&lock);
            sched_yield();
            pthread_rwlock_unlock(&lock);
        }
    };
    std::array<pthread_t, 3> threads;
    for (pthread_t& thread : threads) thread = start(reads);
    pause();
    const timespec end = moment(10'000);
    check(pthread_rwlock_timedwrlock(&lock, &end) == 0, "a writer comes between readers");
    pthread_rwlock_unlock(&lock);
    over = true;
    for (const pthread_t thread : threads) end_of(thread);
    over = false;
    for (pthread_t& thread : threads) thread = start(writes);
    pause();
    check(pthread_rwlock_timedrdlock(&lock, &end) == 0, "a reader comes between writers");
    pthread_rwlock_unlock(&lock);
    over = true;
    for (const pthread_t thread : threads) end_of(thread);
}

void barriers(debug::Check& check) noexcept {
    pthread_barrier_t barrier;
    check(pthread_barrier_init(&barrier, nullptr, 0) == EINVAL, "a barrier is for somebody");
    check(pthread_barrier_init(&barrier, nullptr, 4) == 0, "or for four");
    int serial = 0, arrived = 0;
    bool early = false;
    auto comes = [&] {
        for (int round = 1; round != 11; ++round) {
            __atomic_add_fetch(&arrived, 1, __ATOMIC_SEQ_CST);
            if (pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD)
                __atomic_add_fetch(&serial, 1, __ATOMIC_SEQ_CST);
            early = early || arrived < 4 * round;
        }
    };
    std::array<pthread_t, 3> threads;
    for (pthread_t& thread : threads) thread = start(comes);
    pause();
    check(arrived == 3 && serial == 0 && pthread_barrier_destroy(&barrier) == EBUSY, "three wait");
    comes();
    for (const pthread_t thread : threads) end_of(thread);
    check(!early && arrived == 40 && serial == 10, "all meet, and one of them each time knows");
    check(pthread_barrier_destroy(&barrier) == 0, "it ends");
    pthread_barrierattr_t attributes;
    int shared = -1;
    check(pthread_barrierattr_init(&attributes) == 0 && pthread_barrierattr_setpshared(&attributes, 7) == EINVAL &&
          pthread_barrierattr_getpshared(&attributes, &shared) == 0 && shared == PTHREAD_PROCESS_PRIVATE &&
          pthread_barrier_init(&barrier, &attributes, 1) == 0 &&
          pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD, "who waits for nobody goes on");
}

void spinning(debug::Check& check) noexcept {
    pthread_spinlock_t lock;
    check(pthread_spin_init(&lock, PTHREAD_PROCESS_PRIVATE) == 0 && pthread_spin_lock(&lock) == 0, "a spin lock");
    check(pthread_spin_lock(&lock) == EDEADLK && pthread_spin_trylock(&lock) == EBUSY &&
          pthread_spin_destroy(&lock) == EBUSY, "is had once");
    int error = 0;
    bool got = false;
    auto wants = [&] {
        error = pthread_spin_unlock(&lock);
        pthread_spin_lock(&lock);
        got = true;
        pthread_spin_unlock(&lock);
    };
    const pthread_t thread = start(wants);
    pause();
    check(error == EPERM && !got, "by one");
    check(pthread_spin_unlock(&lock) == 0, "who gives it back");
    end_of(thread);
    check(got && pthread_spin_trylock(&lock) == 0 && pthread_spin_unlock(&lock) == 0 &&
          pthread_spin_destroy(&lock) == 0,
          "then others have it");
}

}  // namespace

void lock_suite(debug::Check& check) noexcept {
    kinds(check);
    relocking(check);
    readers_and_writers(check);
    fairness(check);
    barriers(check);
    spinning(check);
}

}  // namespace unicore::posix
