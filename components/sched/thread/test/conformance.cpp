// SPDX-License-Identifier: BSD-3-Clause
// What every provider of sched.thread promises, whenever it switches.
#include "suites.hpp"

#include <unicore/memory/pages.hpp>
#include <unicore/sched.hpp>
#include <unicore/sched/locals.hpp>
#include <unicore/sched/mutex.hpp>
#include <unicore/sched/work.hpp>

#include <array>
#include <atomic>
#include <cstring>
#include <string_view>

namespace unicore::sched {

namespace {

using namespace std::chrono_literals;
using time::Monotonic;

constexpr auto never_holds = [] { return false; };

std::size_t taken() noexcept { return memory::pages::usage().taken.value; }

void life(debug::Check& check) noexcept {
    check(thread_name() == std::string_view("main"), "the first thread is called main");
    const std::size_t before = taken();
    unsigned runs = 0;
    const char* name = nullptr;
    auto body = [&] { ++runs, name = thread_name(); };
    {
        auto thread = start(body, {.name = "first"});
        check(thread && thread->joinable(), "a thread starts");
        thread->join();
        check(runs == 1 && name == std::string_view("first"), "it has run when it is joined, under its name");
        check(!thread->joinable(), "it is joined once");
    }
    { const auto thread = start(body); }
    check(runs == 2, "the end of its owner joins it");
    check(taken() == before, "a joined thread's stack is given back");

    Thread none;
    check(!none.joinable(), "no thread is not joinable");
    auto moved = start(body);
    if (moved) none = std::move(*moved);
    check(none.joinable(), "a thread can be handed on");
    none.join();
    check(runs == 3, "and joined by whom it was handed to");
}

void letting_go(debug::Check& check) noexcept {
    const std::size_t before = taken();
    unsigned ended = 0;
    auto body = [&] { ++ended; };
    auto early = start(body), late = start(body);
    check(early && late, "two threads start");
    early->detach();
    while (ended != 2) yield();
    late->detach();
    check(!early->joinable() && !late->joinable(), "a thread that was let go is not joinable");
    for (unsigned i = 0; i != 100 && taken() != before; ++i) {
        auto other = start(body);
        check(other.has_value(), "another one starts");
    }
    check(taken() == before, "the stacks of threads that were let go are given back");
}

void turns(debug::Check& check) noexcept {
    constexpr unsigned rounds = 1000;
    std::array<std::atomic<unsigned>, 3> counts{};
    auto first = [&] { for (unsigned i = 0; i != rounds; ++i) ++counts[0], yield(); };
    auto second = [&] { for (unsigned i = 0; i != rounds; ++i) ++counts[1], yield(); };
    auto third = [&] { while (counts[0] != rounds || counts[1] != rounds) ++counts[2], yield(); };
    auto one = start(first), two = start(second), three = start(third);
    check(one && two && three, "three threads start");
    one->join(), two->join(), three->join();
    check(counts[0] == rounds && counts[1] == rounds && counts[2] != 0, "all of them had their turns");
}

void stacks(debug::Check& check) noexcept {
    // Most of what was asked for can be used, and the stack of another thread stays as it is meanwhile.
    constexpr std::size_t size = 64 * 1024;
    bool kept = false;
    auto deep = [&] {
        volatile std::uint8_t local[size - 8 * 1024];
        for (std::size_t i = 0; i != sizeof local; ++i) local[i] = static_cast<std::uint8_t>(i * 7);
        yield();
        kept = true;
        for (std::size_t i = 0; i != sizeof local; ++i) kept = kept && local[i] == static_cast<std::uint8_t>(i * 7);
    };
    auto one = start(deep, {.name = "deep", .stack_size = size});
    bool first_kept = false;
    if (one) one->join(), first_kept = kept;
    auto two = start(deep, {.name = "deep", .stack_size = size}), three = start(deep, {.name = "deep", .stack_size = size});
    if (two && three) two->join(), first_kept = first_kept && kept, three->join();
    check(one && two && three && first_kept && kept, "threads have stacks of their own, of the size that was asked for");
}

/// Whether the caller's frame lies in what the provider says is its stack.
[[gnu::noinline]] bool in_its_stack() noexcept {
    const MemoryRange range = stack();
    return reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0)) - range.base < range.size;
}

void bounds(debug::Check& check) noexcept {
    check(in_its_stack(), "the first thread knows its stack");
    bool inside = false;
    MemoryRange own{};
    constexpr std::size_t size = 32 * 1024;
    auto asks = [&] { inside = in_its_stack(), own = stack(); };
    { const auto thread = start(asks, {.name = "asks", .stack_size = size}); }
    check(inside && own.size >= size, "others know theirs");
    check(own.end() <= stack().base || own.base >= stack().end(), "which is another one");
}

/// A thread ends where it says so, as it would at its end.
void leaving(debug::Check& check) noexcept {
    struct Note : locals::AtEnd {
        unsigned runs = 0;
    } note;
    note.run = [](locals::AtEnd& entry) noexcept { ++static_cast<Note&>(entry).runs; };
    const std::size_t before = taken();
    bool further = false;
    struct Deep {
        [[gnu::noinline]] static void leave(unsigned depth) noexcept {
            if (depth == 0) end_thread();
            leave(depth - 1);
            asm volatile("" : : : "memory");
        }
    };
    auto leaves = [&] {
        locals::at_end(note);
        Deep::leave(10);
        further = true;
    };
    { const auto thread = start(leaves); }
    check(note.runs == 1 && !further, "a thread ends from any depth, and does what is to be done then");
    auto nothing = [] {};
    auto let_go = start(leaves);
    if (let_go) let_go->detach();
    while (note.runs != 2) yield();
    for (unsigned i = 0; i != 100 && taken() != before; ++i) static_cast<void>(start(nothing));
    check(taken() == before && !further, "its stack is given back, whoever waits for it");
}

void other_priorities(debug::Check& check) noexcept {
    std::atomic<std::uintptr_t> number = 0;
    unsigned seen = 0;
    Mutex mutex;
    mutex.lock();
    auto body = [&] {
        number = current_thread();
        const Guard guard(mutex);
        seen = priority();
    };
    {
        auto thread = start(body, {.name = "other", .stack_size = 16 * 1024, .priority = 9});
        if (!check(thread.has_value(), "a thread starts")) return mutex.unlock();
        const std::uintptr_t its = thread->number();
        check(its != 0 && its != current_thread() && priority(its) == 9, "its owner knows its number, and its priority");
        set_priority(its, 21);
        check(priority(its) == 21 && priority() == default_priority, "and can change that, but nobody else's");
        while (number == 0) yield();
        check(number == its, "it knows its number, too");
        set_priority(its, 11);
        mutex.unlock();
    }
    check(seen == 11, "it has what it was given");
    set_priority(current_thread(), 20);
    check(priority() == 20 && priority(current_thread()) == 20, "the first thread has one as well");
    set_priority(default_priority);
}

/// Lets all that can run run until they wait. A sleep does not on a slow machine, where it is over before it began.
void others_run() noexcept {
    for (unsigned i = 0; i != 100; ++i) yield();
}

void waiting(debug::Check& check) noexcept {
    WaitQueue queue;
    bool ready = false, outcome = false;
    auto waits = [&] { outcome = queue.wait([&] { return ready; }, Monotonic::now() + 10s).has_value(); };
    auto thread = start(waits);
    check(sleep_for(2ms).has_value(), "main sleeps");
    ready = true;
    queue.wake_one();
    if (thread) thread->join();
    check(outcome, "a thread wakes another one");

    // As many wake-ups as waiters, each wakes one of them, and first those that came first.
    unsigned tokens = 0, order = 0;
    std::array<unsigned, 4> got{};
    struct Taker {
        WaitQueue& queue;
        unsigned &tokens, &order, &mine;
        void operator()() noexcept {
            static_cast<void>(queue.wait([&] { return tokens != 0; }));
            --tokens;
            mine = ++order;
        }
    };
    std::array takers{Taker{queue, tokens, order, got[0]}, Taker{queue, tokens, order, got[1]},
                      Taker{queue, tokens, order, got[2]}, Taker{queue, tokens, order, got[3]}};
    std::array<Thread, takers.size()> threads;
    for (std::size_t i = 0; i != takers.size(); ++i) {
        auto started = start(takers[i]);
        if (started) threads[i] = std::move(*started);
        others_run();
        check(order == 0, "it waits");
    }
    for (unsigned i = 0; i != takers.size(); ++i) {
        ++tokens;
        queue.wake_one();
        others_run();
        check(order == i + 1 && got[i] == i + 1, "a wake-up wakes the longest waiter");
    }
}

void sleeping(debug::Check& check) noexcept {
    // The shortest sleep ends first, though it began last; unless the machine stood still before it could begin.
    std::array<time::Instant, 3> ends{}, deadlines{};
    unsigned next = 0;
    std::array<unsigned, 3> order{};
    struct Sleeper {
        time::Duration duration;
        time::Instant &deadline, &end;
        unsigned &place, &next;
        void operator()() noexcept {
            deadline = Monotonic::now() + duration;
            static_cast<void>(sleep_until(deadline));
            end = Monotonic::now();
            place = next++;
        }
    };
    std::array sleepers{Sleeper{40ms, deadlines[0], ends[0], order[0], next}, Sleeper{25ms, deadlines[1], ends[1], order[1], next},
                        Sleeper{10ms, deadlines[2], ends[2], order[2], next}};
    const auto begin = Monotonic::now();
    {
        std::array<Thread, 3> threads;
        for (std::size_t i = 0; i != threads.size(); ++i)
            if (auto started = start(sleepers[i])) threads[i] = std::move(*started);
    }
    bool in_order = true;
    for (std::size_t i = 0; i != 3; ++i)
        for (std::size_t j = 0; j != 3; ++j) in_order = in_order && (deadlines[i] >= deadlines[j] || order[i] < order[j]);
    check(in_order, "sleeps end in the order of their ends");
    check(ends[0] - begin >= 40ms && ends[1] - begin >= 25ms && ends[2] - begin >= 10ms, "not too early");
    check(ends[0] - begin < 1s, "side by side");

    // A thread that only yields does not keep a sleeper from its time.
    bool slept = false;
    auto sleeps = [&] { slept = sleep_for(5ms).has_value(); };
    auto thread = start(sleeps);
    for (unsigned i = 0; i != 100'000'000 && !slept; ++i) yield();
    check(slept, "a sleep ends while others yield");
    WaitQueue queue;
    const auto late = queue.wait(never_holds, Monotonic::now() + 2ms);
    check(!late && late.error() == Error::timed_out, "a wait times out beside threads");
}

void many(debug::Check& check) noexcept {
    const std::size_t before = taken();
    constexpr unsigned count = 100;
    unsigned runs = 0;
    auto body = [&] { yield(), ++runs; };
    {
        std::array<Thread, count> threads;
        for (Thread& thread : threads)
            if (auto started = start(body, {.name = "one of many", .stack_size = 4096})) thread = std::move(*started);
    }
    check(runs == count, "a hundred threads run side by side");
    for (unsigned i = 0; i != 1000; ++i) static_cast<void>(start(body));
    check(runs == count + 1000, "a thousand run one after the other");
    check(taken() == before, "no memory is lost");
}

void too_many(debug::Check& check) noexcept {
    // A list of threads in their own stacks, until there is no memory left.
    const std::size_t before = taken();
    struct Link {
        Thread thread;
        Link* next;
    };
    Link* links = nullptr;
    bool over = false;
    WaitQueue queue;
    auto waits = [&] { static_cast<void>(queue.wait([&] { return over; })); };
    constexpr std::size_t stack = 1 << 20;
    unsigned count = 0;
    Error error{};
    for (; count != 1'000'000; ++count) {
        auto page = memory::pages::take(PageCount{1});
        auto started = page ? start(waits, {.name = "waits", .stack_size = stack}) : unexpected(page.error());
        if (!started) {
            error = started.error();
            if (page) memory::pages::give_back(*page, PageCount{1});
            break;
        }
        links = new (*page) Link{std::move(*started), links};
    }
    check(error == Error::out_of_memory, "too many threads are an error");
    over = true;
    queue.wake_all();
    while (links != nullptr) {
        Link* const next = links->next;
        links->thread.join();
        memory::pages::give_back(reinterpret_cast<std::byte*>(links), PageCount{1});
        links = next;
    }
    check(taken() == before, "and all of them can end");
    const auto huge = start(waits, {.name = "huge", .stack_size = SIZE_MAX});
    check(!huge && huge.error() == Error::out_of_memory, "a stack larger than memory is an error");
}

struct Doing final : Work {
    explicit Doing(Predicate what) noexcept : what(what) {}
    void run() noexcept override { static_cast<void>(what()); }
    Predicate what;
};

void works_and_threads(debug::Check& check) noexcept {
    bool begun = false, ended = false, go_on = false;
    WaitQueue queue;
    auto long_work = [&] {
        begun = true;
        queue.wake_all();
        static_cast<void>(queue.wait([&] { return go_on; }, Monotonic::now() + 1s));
        return ended = true;
    };
    Doing work(long_work);
    work.wake();
    check(queue.wait([&] { return begun; }, Monotonic::now() + 1s).has_value() || begun, "a work begins");
    auto frees = [&] {
        static_cast<void>(sleep_for(2ms));
        go_on = true;
        queue.wake_all();
    };
    auto thread = start(frees);
    {
        const Work::Pause pause;
        check(ended, "a pause waits for the work that runs");
    }
}

}  // namespace

void thread_conformance(debug::Check& check) noexcept {
    life(check);
    letting_go(check);
    turns(check);
    stacks(check);
    bounds(check);
    leaving(check);
    other_priorities(check);
    waiting(check);
    sleeping(check);
    many(check);
    too_many(check);
    works_and_threads(check);
    lock_conformance(check);
}

}  // namespace unicore::sched
