// SPDX-License-Identifier: BSD-3-Clause
// [ISO C++23, thread.thread.class, thread.jthread.class, thread.thread.this, thread.stoptoken]
#include "suites.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <set>
#include <stop_token>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

namespace unicore::libcxx {
namespace {

using namespace std::chrono_literals;

void life(debug::Check& check) {
    std::string text;
    std::thread thread([&text](std::string_view what, std::unique_ptr<int> number) {
        text = std::string(what) + std::to_string(*number);
    }, "number ", std::make_unique<int>(7));
    check(thread.joinable(), "a thread is joinable");
    thread.join();
    check(text == "number 7" && !thread.joinable(), "its arguments, its end");
    bool caught = false;
    try {
        thread.join();
    } catch (const std::system_error& error) {
        caught = error.code() == std::errc::invalid_argument;
    }
    check(caught, "nothing is joined twice");
    bool ended = false;
    std::thread([&ended] { ended = true; }).detach();
    while (!ended) std::this_thread::yield();
    check(ended, "a detached thread");
}

void names(debug::Check& check) {
    std::set<std::thread::id> names{std::this_thread::get_id()};
    std::vector<std::thread> threads;
    std::vector<std::thread::id> own(8);
    for (auto& name : own) threads.emplace_back([&name] { name = std::this_thread::get_id(); });
    bool right = true;
    for (std::size_t i = 0; i < own.size(); ++i) {
        const auto name = threads[i].get_id();
        names.insert(name);
        threads[i].join();
        right = right && name == own[i];
    }
    check(right && names.size() == 9, "each has a name, inside and outside the same");
    check(std::thread().get_id() == std::thread::id(), "no thread has none");
}

void many(debug::Check& check) {
    int count = 0;
    for (int round = 0; round < 4; ++round) {
        std::vector<std::thread> threads;
        for (int i = 0; i < 32; ++i)
            threads.emplace_back([&count] {
                std::this_thread::yield();
                ++count;
            });
        for (auto& thread : threads) thread.join();
    }
    check(count == 128, "32 at a time, four times");
}

void stops(debug::Check& check) {
    int turns = 0;
    {
        std::jthread thread([&turns](const std::stop_token& stop) {
            while (!stop.stop_requested()) {
                ++turns;
                std::this_thread::sleep_for(1ms);
            }
        });
        std::this_thread::sleep_for(10ms);
    }
    check(turns > 0, "a jthread is asked to stop and joined at its end");
    std::stop_source source;
    int calls = 0;
    const std::stop_callback callback(source.get_token(), [&calls] { ++calls; });
    source.request_stop();
    source.request_stop();
    check(calls == 1, "stop_callback");
}

}  // namespace

void threads(debug::Check& check) noexcept {
    life(check);
    names(check);
    many(check);
    stops(check);
}

}  // namespace unicore::libcxx
