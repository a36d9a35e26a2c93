// SPDX-License-Identifier: BSD-3-Clause
// [POSIX.1-2017, XSH 2.9.5, pthread_cancel, pthread_cleanup_push, pthread_setcancelstate]
#include "posix.hpp"

#include <array>

#include <errno.h>
#include <sched.h>
#include <semaphore.h>
#include <stdio.h>
#include <unistd.h>

namespace unicore::posix {

namespace {

pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t never = PTHREAD_COND_INITIALIZER;
sem_t empty;
pthread_t sleeper;
int order;

/// A thread that waits in `point`, ends there when it is cancelled, and goes no further.
void ends_in(debug::Check& check, const char* what, void (*point)()) noexcept {
    bool further = false;
    auto body = [&] {
        point();
        further = true;
    };
    pthread_t thread = start(body);
    pause();
    check(pthread_cancel(thread) == 0 && end_of(thread) == PTHREAD_CANCELED && !further, what);
    // A request that is there already.
    bool go_on = false;
    auto late = [&] {
        int state;
        pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
        while (!go_on) pause(1);
        pthread_setcancelstate(state, nullptr);
        point();
        further = true;
    };
    thread = start(late);
    pthread_cancel(thread);
    go_on = true;
    check(end_of(thread) == PTHREAD_CANCELED && !further, what);
}

void points(debug::Check& check) noexcept {
    sem_init(&empty, 0, 0);
    auto sleeps = [] { pause(100'000); };
    sleeper = start(sleeps);
    ends_in(check, "nanosleep", [] { pause(100'000); });
    ends_in(check, "sleep", [] { sleep(100); });
    ends_in(check, "usleep", [] { usleep(100'000'000); });
    ends_in(check, "clock_nanosleep", [] {
        const timespec end = moment(100'000);
        clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &end, nullptr);
    });
    ends_in(check, "pthread_cond_wait", [] {
        pthread_mutex_lock(&mutex);
        pthread_cleanup_push([](void*) { pthread_mutex_unlock(&mutex); }, nullptr);
        for (;;) pthread_cond_wait(&never, &mutex);
        pthread_cleanup_pop(1);
    });
    check(pthread_mutex_trylock(&mutex) == 0 && pthread_mutex_unlock(&mutex) == 0, "its handler had the mutex");
    ends_in(check, "pthread_cond_timedwait", [] {
        pthread_mutex_lock(&mutex);
        pthread_cleanup_push([](void*) { pthread_mutex_unlock(&mutex); }, nullptr);
        const timespec end = moment(100'000);
        while (pthread_cond_timedwait(&never, &mutex, &end) == 0) {}
        pthread_cleanup_pop(1);
    });
    check(pthread_cond_destroy(&never) == 0, "nobody waits any more");
    ends_in(check, "sem_wait", [] { sem_wait(&empty); });
    ends_in(check, "sem_timedwait", [] {
        const timespec end = moment(100'000);
        sem_timedwait(&empty, &end);
    });
    check(sem_destroy(&empty) == 0, "nobody waits there, either");
    ends_in(check, "pthread_join", [] { pthread_join(sleeper, nullptr); });
    ends_in(check, "pthread_testcancel", [] {
        for (;;) {
            pthread_testcancel();
            sched_yield();
        }
    });
    check(pthread_cancel(sleeper) == 0 && end_of(sleeper) == PTHREAD_CANCELED, "who was not joined can be");
}

void not_points(debug::Check& check) noexcept {
    bool waited = false;
    auto locks = [&] {
        pthread_mutex_lock(&mutex);
        pthread_mutex_unlock(&mutex);
        waited = true;
        pthread_testcancel();
    };
    pthread_mutex_lock(&mutex);
    const pthread_t thread = start(locks);
    pause();
    pthread_cancel(thread);
    pause();
    check(!waited, "who waits for a mutex does so");
    pthread_mutex_unlock(&mutex);
    check(end_of(thread) == PTHREAD_CANCELED && waited, "and is cancelled later");
}

void states(debug::Check& check) noexcept {
    int before = -1;
    check(pthread_setcancelstate(77, nullptr) == EINVAL && pthread_setcanceltype(77, nullptr) == EINVAL, "some states");
    check(pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before) == 0 && before == PTHREAD_CANCEL_ENABLE &&
          pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &before) == 0 && before == PTHREAD_CANCEL_DISABLE, "are set");
    check(pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &before) == 0 && before == PTHREAD_CANCEL_DEFERRED &&
          pthread_setcanceltype(PTHREAD_CANCEL_DEFERRED, &before) == 0 && before == PTHREAD_CANCEL_ASYNCHRONOUS,
          "and types");
    bool slept = false, went_on = false;
    auto sleeps = [&] {
        pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, nullptr);
        pause(20);
        slept = true;
        pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, nullptr);
        went_on = true;
        pthread_testcancel();
        slept = false;
    };
    const pthread_t thread = start(sleeps);
    pause();
    pthread_cancel(thread);
    check(end_of(thread) == PTHREAD_CANCELED && slept && went_on, "a request waits until a thread lets it");
    bool after = false;
    auto itself = [&] {
        pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, nullptr);
        pthread_cancel(pthread_self());
        after = true;
    };
    check(end_of(start(itself)) == PTHREAD_CANCELED && !after, "a thread cancels itself");
    check(pthread_cancel(0) == ESRCH, "but not nobody");
}

void* note(int* place) noexcept { return place; }
void count(void* place) { *static_cast<int*>(place) = ++order; }

void handlers(debug::Check& check) noexcept {
    static std::array<int, 5> places;
    order = 0;
    pthread_cleanup_push(count, note(&places[0]));
    pthread_cleanup_push(count, note(&places[1]));
    pthread_cleanup_pop(0);
    pthread_cleanup_pop(1);
    check(places[0] == 1 && places[1] == 0, "a handler is called when it is taken back so");
    static pthread_key_t key;
    pthread_key_create(&key, count);
    auto leaves = [] {
        pthread_setspecific(key, &places[4]);
        pthread_cleanup_push(count, note(&places[1]));
        pthread_cleanup_push(count, note(&places[2]));
        pthread_cleanup_push(count, note(&places[3]));
        pthread_cleanup_pop(0);
        pthread_exit(&places);
        pthread_cleanup_pop(0);
        pthread_cleanup_pop(0);
    };
    void* const value = end_of(start(leaves));
    check(value == &places && places[2] == 2 && places[1] == 3 && places[4] == 4 && places[3] == 0,
          "who leaves calls what is there, the last first, then destructors");
    static bool waited;
    auto waits = [] {
        pthread_cleanup_push(
            [](void*) {
                pause(5);
                pthread_testcancel();
                waited = true;
            },
            nullptr);
        pause(100'000);
        pthread_cleanup_pop(0);
    };
    const pthread_t thread = start(waits);
    pause();
    pthread_cancel(thread);
    pthread_cancel(thread);
    check(end_of(thread) == PTHREAD_CANCELED && waited, "handlers are not cancelled");
    pthread_key_delete(key);
}

/// Who was signalled goes on, though it is cancelled: no signal is lost.
void no_lost_signal(debug::Check& check) noexcept {
    pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
    int tokens = 0, taken = 0;
    auto takes = [&] {
        pthread_mutex_lock(&mutex);
        pthread_cleanup_push([](void*) { pthread_mutex_unlock(&mutex); }, nullptr);
        while (tokens == 0) pthread_cond_wait(&changed, &mutex);
        --tokens, ++taken;
        pthread_cleanup_pop(1);
    };
    for (int i = 0; i != 10; ++i) {
        const pthread_t one = start(takes), two = start(takes);
        pause();
        pthread_mutex_lock(&mutex);
        ++tokens;
        if (i % 2 == 0) pthread_cond_signal(&changed), pthread_cancel(one);
        else pthread_cancel(one), pthread_cond_signal(&changed);
        pthread_mutex_unlock(&mutex);
        check(eventually([&] { return taken == i + 1; }), "one of two takes it");
        pthread_cancel(two);
        end_of(one), end_of(two);
    }
    check(tokens == 0 && taken == 10, "no signal goes to who is cancelled");
}

}  // namespace

void cancellation_suite(debug::Check& check) noexcept {
    points(check);
    not_points(check);
    states(check);
    handlers(check);
    no_lost_signal(check);
}

}  // namespace unicore::posix
