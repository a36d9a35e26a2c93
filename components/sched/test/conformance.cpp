// SPDX-License-Identifier: BSD-3-Clause
// What every provider of sched promises, as far as it shows without choosing when interrupts come.
#include <unicore/debug/check.hpp>
#include <unicore/sched.hpp>
#include <unicore/sched/locals.hpp>
#include <unicore/sched/mutex.hpp>
#include <unicore/sched/timed_work.hpp>
#include <unicore/sched/work.hpp>

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

/// Calls `callable(*this)`, then wakes those that wait for what it did. What can wait for a moment is a work like any other.
template <typename Callable>
class Doing final : public TimedWork {
public:
    Doing(WaitQueue& queue, Callable callable) noexcept : queue_(queue), callable_(callable) {}

private:
    void run() noexcept override {
        callable_(*this);
        queue_.wake_all();
    }

    WaitQueue& queue_;
    Callable callable_;
};

void works(debug::Check& check) noexcept {
    WaitQueue queue;
    const auto soon = [&](Predicate condition) { return queue.wait(condition, Monotonic::now() + 1s).has_value(); };
    unsigned runs = 0, others = 0, others_before = 0;
    Doing work(queue, [&](Work&) { ++runs; });
    Doing other(queue, [&](Work&) { ++others, others_before = runs; });
    check(sleep_for(1ms).has_value() && runs == 0, "work that nobody wakes does not run");
    other.wake();
    work.wake();
    check(soon([&] { return runs == 1 && others == 1; }), "work that was woken runs in a wait");
    check(others_before == 0, "what was woken first runs first");
    check(sleep_for(1ms).has_value() && runs == 1, "it does not run again by itself");
    work.wake();
    check(sleep_for(5ms).has_value() && runs == 2, "it runs in a sleep, when it is woken again");
    {
        const Work::Pause pause;
        work.wake();
        other.wake();
        check(sleep_for(2ms).has_value() && runs == 2 && others == 1, "nothing runs in a pause");
    }
    check(soon([&] { return runs == 3 && others == 2; }), "it runs after the pause");
    unsigned destroyed = 0;
    {
        Doing brief(queue, [&](Work&) { ++destroyed; });
        const Work::Pause pause;
        brief.wake();
    }
    check(sleep_for(2ms).has_value() && destroyed == 0, "work that is gone does not run");
}

void timed_works(debug::Check& check) noexcept {
    WaitQueue queue;
    const auto soon = [&](Predicate condition) { return queue.wait(condition, Monotonic::now() + 1s).has_value(); };
    unsigned runs = 0, others = 0, others_before = 0;
    time::Instant ran{};
    Doing work(queue, [&](TimedWork&) { ++runs, ran = Monotonic::now(); });
    Doing other(queue, [&](TimedWork&) { ++others, others_before = runs; });
    check(work.wakes_at() == time::never, "a work has no moment");
    const auto moment = Monotonic::now() + 5ms;
    work.wake_at(moment);
    other.wake_at(moment - 3ms);
    check(work.wakes_at() == moment && runs == 0, "it waits for the one that was said");
    check(soon([&] { return runs == 1; }) && ran >= moment, "it runs then, and not before");
    check(others == 1 && others_before == 0, "whose moment comes first runs first");
    check(work.wakes_at() == time::never, "and has none any more");
    check(sleep_for(3ms).has_value() && runs == 1, "it runs once");

    work.wake_at(Monotonic::now() + 1h);
    work.wake_at(Monotonic::now() + 2ms);
    check(soon([&] { return runs == 2; }), "a moment can be brought forward");
    work.wake_at(Monotonic::now() + 2ms);
    work.wake_at(Monotonic::now() + 1h);
    check(sleep_for(4ms).has_value() && runs == 2, "and put off");
    work.wake();
    check(soon([&] { return runs == 3; }) && work.wakes_at() != time::never, "who is woken before keeps it");
    work.wake_at(Monotonic::now() + 2ms);
    work.wake_at(time::never);
    check(sleep_for(4ms).has_value() && runs == 3, "it can be cancelled");
    work.wake_at(Monotonic::now() - 1ms);
    check(soon([&] { return runs == 4; }), "one that has passed is now");

    unsigned turns = 0;
    Doing again(queue, [&](TimedWork& self) {
        if (++turns < 5) self.wake_at(Monotonic::now() + 1ms);
    });
    again.wake();
    check(soon([&] { return turns == 5; }), "it can say the next moment itself");
    {
        Doing brief(queue, [&](TimedWork&) { ++turns; });
        brief.wake_at(Monotonic::now() + 1ms);
    }
    check(sleep_for(3ms).has_value() && turns == 5, "one that is gone does not run");
}

void works_that_wait(debug::Check& check) noexcept {
    WaitQueue queue;
    unsigned outer = 0, inner = 0;
    bool waited = false, alone = false;
    Doing within(queue, [&](Work&) { ++inner; });
    Doing work(queue, [&](Work& self) {
        if (++outer == 1) {
            within.wake();
            self.wake();
            const auto outcome = queue.wait([&] { return inner != 0 || outer != 1; }, Monotonic::now() + 2ms);
            waited = !outcome && outcome.error() == Error::timed_out && sleep_for(1ms).has_value();
            alone = inner == 0 && outer == 1;
        }
    });
    work.wake();
    const auto outcome = queue.wait([&] { return inner == 1 && outer == 2; }, Monotonic::now() + 1s);
    check(waited, "work may wait and sleep");
    check(alone, "no work runs while another one does");
    check(outcome.has_value(), "what was woken meanwhile runs afterwards");
}

void works_without_end(debug::Check& check) noexcept {
    WaitQueue queue;
    bool over = false;
    unsigned others = 0;
    Doing endless(queue, [&](Work& self) {
        if (!over) self.wake();
    });
    Doing other(queue, [&](Work&) { ++others; });
    endless.wake();
    check(queue.wait(holds).has_value(), "a condition that holds ends a wait, whatever there is to do");
    other.wake();
    check(queue.wait([&] { return others == 1; }, Monotonic::now() + 1s).has_value(),
          "work that always has something to do lets other work run");
    const auto deadline = Monotonic::now() + 5ms;
    const auto outcome = queue.wait(never_holds, deadline);
    check(!outcome && outcome.error() == Error::timed_out, "the deadline ends a wait, whatever there is to do");
    check(Monotonic::now() < deadline + 1s, "not long after");
    other.wake();
    for (unsigned i = 0; i != 1'000'000 && others == 1; ++i) yield();
    check(others == 2, "a thread that yields lets work run");
    over = true;
    check(sleep_for(1ms).has_value(), "a sleep ends");
}

void locks(debug::Check& check) noexcept {
    constinit static Mutex mutex;
    check(!mutex.held() && mutex.try_lock() && mutex.held(), "a mutex is free, and can be had");
    check(!mutex.try_lock(), "once");
    mutex.unlock();
    check(!mutex.held(), "it is free again");
    check(mutex.lock_until(Monotonic::now() - 1ms).has_value(), "a free mutex can be had after the deadline");
    ConditionVariable changed;
    const auto before = Monotonic::now();
    const auto outcome = changed.wait_until(mutex, before + 3ms);
    check(!outcome && outcome.error() == Error::timed_out && Monotonic::now() - before >= 3ms && mutex.held(),
          "a wait in vain times out, with the mutex");
    mutex.unlock();

    RecursiveMutex recursive;
    recursive.lock();
    check(recursive.try_lock() && recursive.lock_until(before).has_value(), "a recursive mutex can be had again");
    recursive.unlock(), recursive.unlock();
    check(recursive.held(), "it is held until it was unlocked as often");
    recursive.unlock();
    check(!recursive.held(), "and then free");
    check(current_thread() != 0 && current_thread() % 2 == 0, "a thread has a number, which is even");
}

}  // namespace

void conformance(debug::Check& check) noexcept {
    conditions(check);
    deadlines(check);
    wake_ups(check);
    sleeps(check);
    locks(check);
    works(check);
    timed_works(check);
    works_that_wait(check);
    works_without_end(check);
}

}  // namespace unicore::sched
