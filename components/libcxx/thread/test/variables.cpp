// SPDX-License-Identifier: BSD-3-Clause
// [ISO C++23, basic.stc.thread, basic.start.term, stmt.dcl, thread.once]
#include "suites.hpp"

#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace unicore::libcxx {
namespace {

std::string ends;
int made = 0;

struct Speaker {
    explicit Speaker(char name) : name_(name) { ++made; }
    ~Speaker() { ends += name_; }
    char name_;
};

thread_local int number = 5;
thread_local std::string text = "each has its own";
thread_local Speaker first('1');
thread_local Speaker second('2');

void own(debug::Check& check) {
    number = 6;
    text = "main's";
    int seen = 0;
    bool right = false;
    std::thread([&] {
        seen = number++;
        right = text == "each has its own";
        text.append(1000, 'x');
    }).join();
    check(seen == 5 && number == 6 && right && text == "main's", "each thread has its own, with its first value");
}

void destructors(debug::Check& check) {
    ends.clear();
    std::thread([] {
        thread_local const Speaker inner('3');
        first.name_ = '1';
        second.name_ = '2';
        static_cast<void>(inner);
    }).join();
    check(ends == "213" || ends == "321", "destructors in the reverse order of construction");
    const int before = made;
    std::thread([] {}).join();
    check(made == before, "what a thread does not use is not made");
}

int attempts = 0;

int slowly_made() {
    ++attempts;
    for (int i = 0; i < 5; ++i) std::this_thread::yield();
    if (attempts == 1) throw attempts;
    return attempts;
}

int shared() {
    static const int value = slowly_made();
    return value;
}

void once(debug::Check& check) {
    int sum = 0, failures = 0;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 6; ++i)
            threads.emplace_back([&] {
                try {
                    sum += shared();
                } catch (int) {
                    ++failures;
                }
            });
    }
    check(attempts == 2 && failures == 1 && sum == 10, "a variable of a function is made once, while others wait for it");
    std::once_flag flag;
    int calls = 0, done = 0;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 6; ++i)
            threads.emplace_back([&] {
                std::call_once(flag, [&] {
                    for (int turn = 0; turn < 5; ++turn) std::this_thread::yield();
                    ++calls;
                });
                done += calls;
            });
    }
    check(calls == 1 && done == 6, "call_once, while others wait for it");
}

}  // namespace

void variables(debug::Check& check) noexcept {
    own(check);
    destructors(check);
    once(check);
}

}  // namespace unicore::libcxx
