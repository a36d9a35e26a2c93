// SPDX-License-Identifier: BSD-3-Clause
// What sched promises of locks and of the ends of threads, as far as it takes several of them.
#include "suites.hpp"

#include <unicore/sched.hpp>
#include <unicore/sched/locals.hpp>
#include <unicore/sched/mutex.hpp>

#include <array>

namespace unicore::sched {

namespace {

using namespace std::chrono_literals;
using time::Monotonic;

/// Threads that hold a mutex over waits exclude each other, and get it in the order in which they came.
void exclusion(debug::Check& check) noexcept {
    constinit static Mutex mutex;
    constexpr unsigned count = 8, rounds = 20;
    unsigned inside = 0, entries = 0;
    bool alone = true;
    auto body = [&] {
        for (unsigned i = 0; i != rounds; ++i) {
            const Guard guard(mutex);
            alone = alone && ++inside == 1;
            yield();
            if (i % 4 == 0) static_cast<void>(sleep_for(100us));
            ++entries;
            --inside;
        }
    };
    {
        std::array<Thread, count> threads;
        for (Thread& thread : threads)
            if (auto started = start(body)) thread = std::move(*started);
    }
    check(alone && entries == count * rounds, "one thread at a time has a mutex");
    check(mutex.try_lock() && mutex.held(), "it is free afterwards");

    std::array<unsigned, 4> order{};
    unsigned next = 0;
    struct Taker {
        unsigned &place, &next;
        void operator()() noexcept {
            const Guard guard(mutex);
            place = ++next;
        }
    };
    std::array takers{Taker{order[0], next}, Taker{order[1], next}, Taker{order[2], next}, Taker{order[3], next}};
    {
        std::array<Thread, takers.size()> threads;
        for (std::size_t i = 0; i != takers.size(); ++i) {
            if (auto started = start(takers[i])) threads[i] = std::move(*started);
            static_cast<void>(sleep_for(1ms));
        }
        check(next == 0, "nobody has it while somebody else does");
        mutex.unlock();
    }
    check(order == std::array{1U, 2U, 3U, 4U}, "whoever waits longest gets it");
    check(!mutex.held(), "who unlocked it has it no more");
}

void attempts(debug::Check& check) noexcept {
    Mutex mutex;
    mutex.lock();
    bool tried = true, passed = false, had = false;
    auto tries = [&] {
        tried = mutex.try_lock();
        const auto begin = Monotonic::now();
        const auto outcome = mutex.lock_until(begin + 5ms);
        passed = !outcome && outcome.error() == Error::timed_out && Monotonic::now() - begin >= 5ms;
        had = mutex.lock_until(Monotonic::now() + 10s).has_value();
        if (had) mutex.unlock();
    };
    {
        auto thread = start(tries);
        static_cast<void>(sleep_for(20ms));
        check(!tried, "try_lock does not wait");
        check(passed, "lock_until does so long");
        mutex.unlock();
    }
    check(had, "and has it when it is unlocked in time");
    check(mutex.try_lock(), "it is free afterwards");
    mutex.unlock();

    RecursiveMutex again;
    again.lock(), again.lock();
    bool got = false;
    auto takes = [&] { again.lock(), got = true, again.unlock(); };
    {
        auto thread = start(takes);
        again.unlock();
        static_cast<void>(sleep_for(2ms));
        check(!got && again.held(), "a recursive mutex is unlocked as often as it was locked");
        again.unlock();
    }
    check(got, "and then another thread has it");
}

void notifications(debug::Check& check) noexcept {
    Mutex mutex;
    ConditionVariable changed;
    unsigned tokens = 0, taken = 0, passed = 0;
    auto takes = [&] {
        const Guard guard(mutex);
        while (tokens == 0) changed.wait(mutex);
        --tokens, ++taken;
    };
    {
        std::array<Thread, 3> threads;
        for (Thread& thread : threads)
            if (auto started = start(takes)) thread = std::move(*started);
        static_cast<void>(sleep_for(2ms));
        {
            const Guard guard(mutex);
            tokens = 1;
            changed.notify_one();
        }
        static_cast<void>(sleep_for(5ms));
        check(taken == 1, "notify_one wakes one thread");
        const Guard guard(mutex);
        tokens = 2;
        changed.notify_all();
    }
    check(taken == 3 && tokens == 0, "notify_all wakes the others");

    auto waits = [&] {
        const Guard guard(mutex);
        const auto outcome = changed.wait_until(mutex, Monotonic::now() + 3ms);
        if (!outcome && outcome.error() == Error::timed_out && mutex.held()) ++passed;
    };
    for (unsigned i = 0; i != 3; ++i) static_cast<void>(start(waits));
    check(passed == 3, "a wait in vain times out, and has the mutex again");
    changed.notify_all();
    bool lost = true;
    auto late = [&] {
        const Guard guard(mutex);
        lost = changed.wait_until(mutex, Monotonic::now() + 2ms).has_value();
    };
    static_cast<void>(start(late));
    check(!lost, "a notification that met nobody is not remembered");
}

struct Note : locals::AtEnd {
    std::uintptr_t thread = 0;
    unsigned place = 0;
    unsigned* counter = nullptr;
};

void note(locals::AtEnd& entry) noexcept {
    auto& self = static_cast<Note&>(entry);
    self.place = ++*self.counter;
    self.thread = current_thread();
}

void ends(debug::Check& check) noexcept {
    unsigned counter = 0;
    std::array<Note, 3> notes;
    std::uintptr_t self = 0;
    bool early = false;
    auto body = [&] {
        self = current_thread();
        for (Note& one : notes) {
            one.run = note, one.counter = &counter;
            locals::at_end(one);
        }
        yield();
        early = counter != 0;
    };
    const std::uintptr_t first = current_thread();
    static_cast<void>(start(body));
    check(!early, "nothing is done before a thread's end");
    check(notes[2].place == 1 && notes[1].place == 2 && notes[0].place == 3, "then the last comes first");
    check(self != 0 && self != first && notes[0].thread == self, "in the thread itself, which has a number of its own");
    check(current_thread() == first, "as the first has, for ever");

    // One that registers another.
    struct Again : locals::AtEnd {
        unsigned runs = 0;
    } again;
    again.run = [](locals::AtEnd& entry) noexcept {
        if (++static_cast<Again&>(entry).runs != 3) locals::at_end(entry);
    };
    auto registers = [&] { locals::at_end(again); };
    static_cast<void>(start(registers));
    check(again.runs == 3, "what is registered meanwhile is done, too");
}

}  // namespace

void lock_conformance(debug::Check& check) noexcept {
    exclusion(check);
    attempts(check);
    notifications(check);
    ends(check);
}

}  // namespace unicore::sched
