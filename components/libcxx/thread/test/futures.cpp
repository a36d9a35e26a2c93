// SPDX-License-Identifier: BSD-3-Clause
// [ISO C++23, futures]
#include "suites.hpp"

#include <chrono>
#include <future>
#include <stdexcept>
#include <thread>

namespace unicore::libcxx {

void futures(debug::Check& check) noexcept {
    using namespace std::chrono_literals;
    auto one = std::async(std::launch::async, [](int number) { return number * 2; }, 21);
    auto failing = std::async(std::launch::async, []() -> int { throw std::out_of_range("async"); });
    auto deferred = std::async(std::launch::deferred, [] { return std::this_thread::get_id(); });
    check(one.get() == 42 && deferred.get() == std::this_thread::get_id(), "async, deferred or not");
    bool caught = false;
    try {
        failing.get();
    } catch (const std::out_of_range&) {
        caught = true;
    }
    check(caught, "what it throws comes to who asks");

    std::promise<int> promise;
    const auto shared = promise.get_future().share();
    int sum = 0;
    {
        const std::jthread first([&] { sum += shared.get(); });
        const std::jthread second([&] { sum += shared.get(); });
        check(shared.wait_for(2ms) == std::future_status::timeout, "a future is waited for");
        promise.set_value(4);
    }
    check(sum == 8, "a future of several");

    std::promise<int> late;
    const auto at_exit = late.get_future().share();
    bool early = true;
    std::thread thread([&] {
        late.set_value_at_thread_exit(9);
        early = at_exit.wait_for(0s) == std::future_status::ready;
    });
    check(at_exit.get() == 9 && !early, "set_value_at_thread_exit");
    thread.join();

    std::packaged_task<int(int)> task([](int number) { return number + 1; });
    auto result = task.get_future();
    std::thread(std::move(task), 1).join();
    check(result.get() == 2, "packaged_task");
    bool broken = false;
    std::future<int> orphan = std::promise<int>().get_future();
    try {
        orphan.get();
    } catch (const std::future_error& error) {
        broken = error.code() == std::future_errc::broken_promise;
    }
    check(broken, "a promise that is broken");
}

}  // namespace unicore::libcxx
