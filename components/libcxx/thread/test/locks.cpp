// SPDX-License-Identifier: BSD-3-Clause
// [ISO C++23, thread.mutex, thread.condition, thread.sema, thread.coord, atomics.wait]
#include "suites.hpp"

#include <algorithm>
#include <atomic>
#include <barrier>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <latch>
#include <mutex>
#include <semaphore>
#include <shared_mutex>
#include <stop_token>
#include <thread>
#include <vector>

namespace unicore::libcxx {
namespace {

using namespace std::chrono_literals;

void exclusion(debug::Check& check) {
    std::mutex mutex;
    int inside = 0, most = 0, count = 0;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 8; ++i)
            threads.emplace_back([&] {
                for (int turn = 0; turn < 20; ++turn) {
                    const std::lock_guard guard(mutex);
                    most = std::max(most, ++inside);
                    std::this_thread::yield();
                    --inside;
                    ++count;
                }
            });
    }
    check(most == 1 && count == 160, "one at a time has the mutex");
    mutex.lock();
    bool tried = true;
    std::thread([&] { tried = mutex.try_lock(); }).join();
    check(!tried, "try_lock of another one's");
    mutex.unlock();
    std::timed_mutex timed;
    timed.lock();
    std::thread([&] { tried = timed.try_lock_for(5ms); }).join();
    check(!tried, "try_lock_for");
    std::recursive_mutex recursive;
    recursive.lock();
    recursive.lock();
    recursive.unlock();
    std::thread([&] { tried = recursive.try_lock(); }).join();
    check(!tried, "a recursive mutex that was unlocked once too few");
    recursive.unlock();
}

void sharing(debug::Check& check) {
    std::shared_mutex mutex;
    int readers = 0, most = 0;
    bool written = false;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 4; ++i)
            threads.emplace_back([&] {
                const std::shared_lock lock(mutex);
                most = std::max(most, ++readers);
                std::this_thread::sleep_for(2ms);
                --readers;
            });
        threads.emplace_back([&] {
            const std::unique_lock lock(mutex);
            written = readers == 0;
        });
    }
    check(most > 1 && written, "readers share, a writer does not");
}

void conditions(debug::Check& check) {
    std::mutex mutex;
    std::condition_variable condition;
    std::deque<int> queue;
    int sum = 0;
    {
        const std::jthread consumer([&] {
            for (int taken = 0; taken < 100; ++taken) {
                std::unique_lock lock(mutex);
                condition.wait(lock, [&] { return !queue.empty(); });
                sum += queue.front();
                queue.pop_front();
            }
        });
        for (int i = 1; i <= 100; ++i) {
            const std::lock_guard guard(mutex);
            queue.push_back(i);
            condition.notify_one();
        }
    }
    check(sum == 5050, "a queue");

    bool ready = false;
    int woken = 0;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 5; ++i)
            threads.emplace_back([&] {
                std::unique_lock lock(mutex);
                woken += condition.wait_for(lock, 30s, [&] { return ready; });
            });
        std::this_thread::sleep_for(2ms);
        const std::lock_guard guard(mutex);
        ready = true;
        condition.notify_all();
    }
    check(woken == 5, "notify_all, with a deadline far away");
    std::unique_lock lock(mutex);
    const auto start = std::chrono::steady_clock::now();
    check(!condition.wait_until(lock, start + 5ms, [] { return false; }) && std::chrono::steady_clock::now() >= start + 5ms,
          "a deadline");
    lock.unlock();

    std::condition_variable_any any;
    int stopped = 0;
    std::jthread waiter([&](const std::stop_token& stop) {
        std::unique_lock waiting(mutex);
        stopped = any.wait(waiting, stop, [] { return false; }) ? 1 : 2;
    });
    std::this_thread::sleep_for(2ms);
    waiter.request_stop();
    waiter.join();
    check(stopped == 2, "a wait that a stop_token ends");

    bool there = false;
    std::thread last([&] {
        std::unique_lock held(mutex);
        there = true;
        std::notify_all_at_thread_exit(condition, std::move(held));
    });
    lock.lock();
    condition.wait(lock, [&] { return there; });
    lock.unlock();
    last.join();
    check(there, "notify_all_at_thread_exit");
}

void coordination(debug::Check& check) {
    std::counting_semaphore<2> places(2);
    std::latch done(6);
    std::atomic<int> inside = 0, most = 0;
    std::vector<std::jthread> threads;
    for (int i = 0; i < 6; ++i)
        threads.emplace_back([&] {
            places.acquire();
            most = std::max(most.load(), ++inside);
            std::this_thread::sleep_for(1ms);
            --inside;
            places.release();
            done.count_down();
        });
    done.wait();
    check(most == 2, "a semaphore, a latch");
    threads.clear();

    int phases = 0, arrived = 0;
    bool right = true;
    std::barrier barrier(3, [&]() noexcept {
        right = right && arrived == 3 * (phases + 1);
        ++phases;
    });
    for (int i = 0; i < 3; ++i)
        threads.emplace_back([&] {
            for (int phase = 0; phase < 4; ++phase) {
                ++arrived;
                barrier.arrive_and_wait();
            }
        });
    threads.clear();
    check(right && phases == 4, "a barrier");

    std::atomic<int> value = 0;
    int seen = 0;
    {
        const std::jthread waiter([&] {
            value.wait(0);
            seen = value;
        });
        std::this_thread::sleep_for(2ms);
        value = 5;
        value.notify_one();
    }
    check(seen == 5, "wait and notify_one of an atomic");
    std::atomic_flag flag;
    {
        const std::jthread waiter([&] { flag.wait(false); });
        flag.test_and_set();
        flag.notify_all();
    }
    check(flag.test(), "atomic_flag");
}

}  // namespace

void locks(debug::Check& check) noexcept {
    exclusion(check);
    sharing(check);
    conditions(check);
    coordination(check);
}

}  // namespace unicore::libcxx
