// SPDX-License-Identifier: BSD-3-Clause
// Threads that throw while others do. [ISO C++23, except.throw, except.uncaught, propagation]
#include "suites.hpp"

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
    handed_over(check);
}

}  // namespace unicore::libcxx
