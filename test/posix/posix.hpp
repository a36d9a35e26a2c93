// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/debug/suites.hpp>

#include <pthread.h>
#include <sched.h>
#include <time.h>

namespace unicore::posix {

/// A thread that calls `callable`, which lives at least as long, and returns its address. 0 when there is none.
template <typename Callable>
pthread_t start(Callable& callable, const pthread_attr_t* attributes = nullptr) noexcept {
    pthread_t thread = 0;
    const auto call = [](void* what) -> void* {
        (*static_cast<Callable*>(what))();
        return what;
    };
    return pthread_create(&thread, attributes, call, &callable) == 0 ? thread : 0;
}

/// Joins it; what it left.
inline void* end_of(pthread_t thread) noexcept {
    void* value = nullptr;
    return pthread_join(thread, &value) == 0 ? value : nullptr;
}

/// A moment so many milliseconds from now.
inline timespec moment(long milliseconds, clockid_t clock = CLOCK_REALTIME) noexcept {
    timespec time{};
    clock_gettime(clock, &time);
    const long nanoseconds = time.tv_nsec + milliseconds % 1000 * 1'000'000;
    const long carry = nanoseconds >= 1'000'000'000 ? 1 : nanoseconds < 0 ? -1 : 0;
    return {time.tv_sec + milliseconds / 1000 + carry, nanoseconds - carry * 1'000'000'000};
}

inline long milliseconds() noexcept {
    timespec time{};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return static_cast<long>(time.tv_sec % 1'000'000) * 1000 + time.tv_nsec / 1'000'000;
}

/// Lets others come as far as they can, also where a machine is so slow that the time has passed before it sleeps.
inline void pause(long milliseconds = 3) noexcept {
    const timespec time{milliseconds / 1000, milliseconds % 1000 * 1'000'000};
    nanosleep(&time, nullptr);
    for (int i = 0; i != 4; ++i) sched_yield();
}

/// Until `condition` holds, ten seconds at most.
template <typename Condition>
bool eventually(Condition condition) noexcept {
    for (int i = 0; i != 5000; ++i) {
        if (condition()) return true;
        pause(2);
    }
    return false;
}

inline constexpr timespec nonsense{0, 1'000'000'000};

}  // namespace unicore::posix
