// SPDX-License-Identifier: BSD-3-Clause
// With one thread: what images without sched.thread have. [ISO C++23, thread.mutex, thread.once, thread.condition, atomics]
#include "suites.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <future>
#include <mutex>
#include <semaphore>
#include <shared_mutex>
#include <thread>

namespace unicore::libcxx {
namespace {

using namespace std::chrono_literals;

void mutexes(debug::Check& check) {
    std::mutex mutex;
    {
        const std::lock_guard guard(mutex);
    }
    check(mutex.try_lock(), "a mutex is free after its guard");
    mutex.unlock();
    std::recursive_mutex recursive;
    recursive.lock();
    check(recursive.try_lock(), "recursive_mutex");
    recursive.unlock();
    recursive.unlock();
    std::timed_mutex timed;
    check(timed.try_lock_for(1ms) && !timed.try_lock_for(1ms), "timed_mutex");
    timed.unlock();
    std::shared_mutex shared;
    shared.lock_shared();
    check(shared.try_lock_shared() && !shared.try_lock(), "shared_mutex");
    shared.unlock_shared();
    shared.unlock_shared();
    std::mutex other;
    const std::scoped_lock both(mutex, other);
    check(true, "scoped_lock");
}

void waits(debug::Check& check) {
    std::mutex mutex;
    std::condition_variable condition;
    std::unique_lock lock(mutex);
    condition.notify_all();
    check(condition.wait_for(lock, 2ms) == std::cv_status::timeout && lock.owns_lock(), "a wait that nobody ends");
    std::counting_semaphore<> semaphore(1);
    check(semaphore.try_acquire() && !semaphore.try_acquire_for(1ms), "counting_semaphore");
    std::promise<int> promise;
    auto future = promise.get_future();
    check(future.wait_for(0s) == std::future_status::timeout, "a promise that is not kept");
    promise.set_exception(std::make_exception_ptr(5));
    int thrown = 0;
    try {
        future.get();
    } catch (int value) {
        thrown = value;
    }
    check(thrown == 5, "a future's exception");
}

std::once_flag flag;

void once(debug::Check& check) {
    int calls = 0, failures = 0;
    for (int i = 0; i < 4; ++i) {
        try {
            std::call_once(flag, [&] {
                if (++calls < 2) throw 1;
            });
        } catch (int) {
            ++failures;
        }
    }
    check(calls == 2 && failures == 1, "call_once, until it does not throw");
}

void atomics(debug::Check& check) {
    std::atomic<std::uint64_t> wide = 1ULL << 40;
    check(wide.fetch_add(1) == 1ULL << 40 && wide.load() == (1ULL << 40) + 1, "64 bits");
    struct Three {
        int values[3];
    };
    std::atomic<Three> three(Three{{1, 2, 3}});
    check(three.exchange(Three{{4, 5, 6}}).values[2] == 3 && three.load().values[0] == 4, "larger than a word");
    std::atomic<int> value = 1;
    value.wait(0);
    value.notify_all();
    check(std::this_thread::get_id() == std::this_thread::get_id() && std::this_thread::get_id() != std::thread::id(),
          "this thread has a name");
    check(std::thread::hardware_concurrency() == 1, "one CPU");
}

}  // namespace

void locks(debug::Check& check) noexcept {
    mutexes(check);
    waits(check);
    once(check);
    atomics(check);
}

}  // namespace unicore::libcxx
