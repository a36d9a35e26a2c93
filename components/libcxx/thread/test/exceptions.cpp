// SPDX-License-Identifier: BSD-3-Clause
// Threads that throw while others do. [ISO C++23, except.throw, except.uncaught, propagation]
#include "suites.hpp"

#include <unicore/sched/locals.hpp>
#include <unicore/sched/thread.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <exception>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace unicore::libcxx {
namespace {

/// Lets others throw while an exception of this thread is on its way.
struct Yielder {
    explicit Yielder(int& uncaught) : uncaught_(uncaught) {}
    ~Yielder() {
        for (int i = 0; i < 3; ++i) std::this_thread::yield();
        uncaught_ += std::uncaught_exceptions();
    }
    int& uncaught_;
};

[[gnu::noinline]] void deep(int levels, int& uncaught, const std::string& what) {
    const Yielder yielder(uncaught);
    if (levels == 0) throw std::runtime_error(what);
    deep(levels - 1, uncaught, what);
}

void at_once(debug::Check& check) {
    constexpr int count = 6, turns = 10;
    std::vector<int> right(count), uncaught(count);
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < count; ++i)
            threads.emplace_back([&, i] {
                for (int turn = 0; turn < turns; ++turn) {
                    const std::string what = std::to_string(i) + "." + std::to_string(turn);
                    try {
                        deep(4, uncaught[i], what);
                    } catch (const std::exception& error) {
                        std::this_thread::yield();
                        try {
                            throw;
                        } catch (const std::runtime_error& again) {
                            right[i] += again.what() == what && error.what() == what;
                        }
                    }
                }
            });
    }
    bool all = true;
    for (int i = 0; i < count; ++i) all = all && right[i] == turns && uncaught[i] == 5 * turns;
    check(all, "six threads throw and catch in turns, each its own");
}

/// Throws all the time, computing only: who else runs, and when, is the scheduler's choice.
struct Thrower {
    std::uint32_t state;
    unsigned thrown = 0, right = 0;
    std::atomic<std::uintptr_t> number = 0;

    unsigned draw() noexcept { return state ^= state << 13, state ^= state >> 17, state ^= state << 5; }

    [[gnu::noinline]] void descend(unsigned levels, std::string what) {
        const std::vector<std::string> kept(1, what);
        struct Passing {
            unsigned& passed;
            ~Passing() { ++passed; }
        } passing{passed};
        if (levels != 0) descend(levels - 1, kept.front());
        else if (draw() % 2 == 0) throw std::out_of_range(what);
        else throw std::vector<int>(3, static_cast<int>(thrown));
        asm volatile("" : : : "memory");
    }

    void once() {
        const unsigned levels = draw() % 8;
        const std::string what = "what thread " + std::to_string(state) + " threw";
        passed = 0;
        ++thrown;
        try {
            descend(levels, what);
        } catch (const std::vector<int>& numbers) {
            right += numbers == std::vector<int>(3, static_cast<int>(thrown)) && passed == levels + 1;
        } catch (const std::logic_error& error) {
            right += error.what() == what && passed == levels + 1 && std::uncaught_exceptions() == 0;
        }
    }
    unsigned passed = 0;
};

/// Interrupted anywhere, where the scheduler does that: one that goes before all of them comes again and again at some
/// moment, and draws who goes on.
void interrupted(debug::Check& check) {
    constexpr unsigned rounds = 1000;
    std::array<Thrower, 4> throwers{Thrower{20261127}, Thrower{3}, Thrower{77}, Thrower{123456789}};
    std::atomic<unsigned> running = throwers.size();
    unsigned interruptions = 0;
    {
        std::vector<std::jthread> threads;
        for (Thrower& thrower : throwers)
            threads.emplace_back([&] {
                thrower.number = sched::current_thread();
                for (unsigned i = 0; i != rounds; ++i) thrower.once();
                thrower.number = 0;
                --running;
            });
        std::uint32_t state = 42;
        sched::set_priority(sched::highest_priority);
        while (running != 0) {
            state = state * 1664525 + 1013904223;
            std::this_thread::sleep_for(std::chrono::microseconds(20 + (state >> 8) % 200));
            if (const std::uintptr_t number = throwers[state >> 30].number; number != 0)
                sched::set_priority(number, 10 + (state >> 20) % 4);
            ++interruptions;
        }
        sched::set_priority(sched::default_priority);
    }
    bool all = true;
    for (const Thrower& thrower : throwers) all = all && thrower.thrown == rounds && thrower.right == rounds;
    check(all, "threads that are interrupted while they throw catch what they threw");
    check(!sched::has_priorities() || interruptions > 10, "and they are");
}

void handed_over(debug::Check& check) {
    std::exception_ptr kept;
    std::thread([&kept] {
        try {
            throw std::runtime_error("from a thread that has ended");
        } catch (...) {
            kept = std::current_exception();
        }
    }).join();
    std::string what;
    try {
        std::rethrow_exception(kept);
    } catch (const std::runtime_error& error) {
        what = error.what();
    }
    check(what == "from a thread that has ended", "an exception outlives its thread");
    check(std::uncaught_exceptions() == 0 && std::current_exception() == nullptr, "nothing is left");
}

}  // namespace

void exceptions(debug::Check& check) noexcept {
    at_once(check);
    interrupted(check);
    handed_over(check);
}

}  // namespace unicore::libcxx
