// SPDX-License-Identifier: BSD-3-Clause
// [POSIX.1-2017, pthread_key_create, pthread_key_delete, pthread_setspecific, pthread_once]
#include "posix.hpp"

#include <unicore/memory/heap.hpp>

#include <array>

#include <errno.h>
#include <sched.h>

namespace unicore::posix {

namespace {

pthread_key_t key, other;
int destroyed, sum;

void keys(debug::Check& check) noexcept {
    check(pthread_key_create(&key, [](void* value) { ++destroyed, sum += *static_cast<int*>(value); }) == 0, "a key");
    check(pthread_getspecific(key) == nullptr, "means nothing at first");
    int mine = 1, its = 2;
    check(pthread_setspecific(key, &mine) == 0 && pthread_getspecific(key) == &mine, "then what a thread sets");
    const void *before = &before, *after = nullptr;
    auto body = [&] {
        before = pthread_getspecific(key);
        pthread_setspecific(key, &its);
        sched_yield();
        after = pthread_getspecific(key);
    };
    end_of(start(body));
    check(before == nullptr && after == &its && pthread_getspecific(key) == &mine, "each thread for itself");
    check(destroyed == 1 && sum == 2, "its end calls the destructor");
    auto clears = [&] {
        pthread_setspecific(key, &its);
        pthread_setspecific(key, nullptr);
    };
    end_of(start(clears));
    auto leaves = [&] {
        pthread_setspecific(key, &its);
        pthread_exit(nullptr);
    };
    check(destroyed == 1, "not for null");
    end_of(start(leaves));
    check(destroyed == 2, "however it ends");

    check(pthread_key_delete(key) == 0 && pthread_key_delete(key) == EINVAL, "a key is deleted once");
    check(pthread_setspecific(key, &mine) == EINVAL && pthread_getspecific(key) == nullptr, "and means nothing then");
    check(pthread_setspecific(PTHREAD_KEYS_MAX, &mine) == EINVAL && pthread_key_delete(~0U) == EINVAL,
          "as what is no key");
    check(pthread_key_create(&other, nullptr) == 0 && pthread_getspecific(other) == nullptr,
          "another in its place knows nothing of it");
    pthread_key_delete(other);
}

void many(debug::Check& check) noexcept {
    static std::array<pthread_key_t, PTHREAD_KEYS_MAX> all;
    std::size_t count = 0;
    pthread_key_t next = 0;
    while (count != all.size() && pthread_key_create(&next, [](void*) { ++destroyed; }) == 0) all[count++] = next;
    check(count == PTHREAD_KEYS_MAX, "there are as many keys as promised");
    check(pthread_key_create(&next, nullptr) == EAGAIN, "and no more");
    destroyed = 0;
    bool right = true;
    auto uses = [&] {
        for (pthread_key_t& one : all) right = right && pthread_setspecific(one, &one) == 0;
        for (pthread_key_t& one : all) right = right && pthread_getspecific(one) == &one;
    };
    const auto before = memory::heap::usage().allocated;
    end_of(start(uses));
    end_of(start(uses));
    check(right && destroyed == 2 * PTHREAD_KEYS_MAX, "a thread may use all of them");
    check(memory::heap::usage().allocated == before, "and gives back what that took");
    for (const pthread_key_t one : all) pthread_key_delete(one);
}

/// Destructors that set values are called again, not for ever.
void again(debug::Check& check) noexcept {
    static int calls;
    pthread_key_create(&key, [](void* value) {
        ++calls;
        pthread_setspecific(other, value);
    });
    pthread_key_create(&other, [](void* value) {
        ++calls;
        pthread_setspecific(key, value);
    });
    auto sets = [] { pthread_setspecific(key, &calls); };
    end_of(start(sets));
    check(calls >= PTHREAD_DESTRUCTOR_ITERATIONS && calls <= 2 * PTHREAD_DESTRUCTOR_ITERATIONS,
          "so often, not for ever");
    pthread_key_delete(key), pthread_key_delete(other);
}

pthread_once_t flag = PTHREAD_ONCE_INIT;
int begun, ended;

void once(debug::Check& check) noexcept {
    bool early = false;
    auto calls = [&] {
        pthread_once(&flag, [] {
            ++begun;
            pause(5);
            ++ended;
        });
        early = early || ended != 1;
    };
    std::array<pthread_t, 4> threads;
    for (pthread_t& thread : threads) thread = start(calls);
    for (const pthread_t thread : threads) end_of(thread);
    check(begun == 1 && ended == 1 && !early, "once, and all wait for it");
    calls();
    check(begun == 1, "later, too");

    // Who is cancelled in it did not do it.
    flag = PTHREAD_ONCE_INIT;
    begun = ended = 0;
    auto cancelled = [] {
        pthread_once(&flag, [] {
            ++begun;
            pause(100'000);
        });
    };
    const pthread_t thread = start(cancelled);
    check(eventually([] { return begun == 1; }), "it begins");
    const pthread_t waits = start(calls);
    pause();
    pthread_cancel(thread);
    check(end_of(thread) == PTHREAD_CANCELED && end_of(waits) == &calls && begun == 2 && ended == 1,
          "another does it when one is cancelled");
}

}  // namespace

void key_suite(debug::Check& check) noexcept {
    keys(check);
    many(check);
    again(check);
    once(check);
}

}  // namespace unicore::posix
