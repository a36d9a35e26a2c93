// SPDX-License-Identifier: BSD-3-Clause
// What every provider of sched promises, as far as it shows without choosing when interrupts come.
#include <unicore/debug/check.hpp>
#include <unicore/sched.hpp>

namespace unicore::sched {

namespace {

using namespace std::chrono_literals;
using time::Monotonic;

constexpr auto holds = [] { return true; };
constexpr auto never_holds = [] { return false; };

void conditions(debug::Check& check) noexcept {
    WaitQueue queue;
    check(queue.wait(holds).has_value(), "a condition that holds ends a wait at once");
    check(queue.wait(holds, Monotonic::now() - 1ms).has_value(), "a condition that holds wins over the deadline");

    unsigned looks = 0;
    check(queue.wait([&] { return ++looks == 1; }).has_value() && looks == 1,
          "a condition is looked at before the sleep");

    looks = 0;
    const auto late = queue.wait([&] { return ++looks == 0; }, Monotonic::now() + 2ms);
    check(!late && late.error() == Error::timed_out, "a wait in vain times out");
    check(looks >= 1, "the condition was looked at");
}

void deadlines(debug::Check& check) noexcept {
    WaitQueue queue;
    const auto before = Monotonic::now();
    const auto passed = queue.wait(never_holds, before - 1ms);
    check(!passed && passed.error() == Error::timed_out, "a deadline that has passed times out");

    const auto deadline = Monotonic::now() + 10ms;
    const auto outcome = queue.wait(never_holds, deadline);
    const auto after = Monotonic::now();
    check(!outcome && outcome.error() == Error::timed_out, "a deadline ends the wait");
    check(after >= deadline, "not before the deadline");
    check(after < deadline + 1s, "not long after the deadline");
}

void wake_ups(debug::Check& check) noexcept {
    WaitQueue queue;
    queue.wake_one();
    queue.wake_all();
    const auto outcome = queue.wait(never_holds, Monotonic::now() + 2ms);
    check(!outcome && outcome.error() == Error::timed_out, "wake-ups that met nobody are not remembered");

    WaitQueue other;
    other.wake_all();
    check(queue.wait(holds).has_value(), "a queue can be used again after a time-out");
}

void sleeps(debug::Check& check) noexcept {
    const auto before = Monotonic::now();
    check(sleep_for(10ms).has_value(), "sleep_for ends");
    const auto after = Monotonic::now();
    check(after - before >= 10ms, "sleep_for takes its time");
    check(after - before < 1s, "sleep_for takes not much more");

    check(sleep_for(0ns).has_value(), "sleeping for nothing returns");
    check(sleep_for(-1h).has_value(), "a negative sleep returns");
    check(sleep_until(after).has_value(), "sleeping until the past returns");

    const auto next = Monotonic::now() + 3ms;
    check(sleep_until(next).has_value() && Monotonic::now() >= next, "sleep_until reaches its moment");
    yield();
}

}  // namespace

void conformance(debug::Check& check) noexcept {
    conditions(check);
    deadlines(check);
    wake_ups(check);
    sleeps(check);
}

}  // namespace unicore::sched
