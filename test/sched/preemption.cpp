// SPDX-License-Identifier: BSD-3-Clause
// What a scheduler that takes the CPU away promises, beyond what all providers do.
#include <unicore/base/preemption.hpp>
#include <unicore/debug/suites.hpp>
#include <unicore/memory/heap.hpp>
#include <unicore/platform/interrupts.hpp>
#include <unicore/sched.hpp>
#include <unicore/sched/mutex.hpp>
#include <unicore/sched/thread.hpp>
#include <unicore/sched/work.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>

using namespace unicore;
using namespace std::chrono_literals;
using sched::Thread;
using time::Monotonic;

namespace {

constexpr unsigned low = 4, middle = 10, high = 25;

template <typename Callable>
Thread start(Callable& callable, unsigned priority = sched::default_priority) noexcept {
    auto started = Thread::create([](void* what) noexcept { (*static_cast<Callable*>(what))(); }, &callable,
                                  {.name = "test", .stack_size = 16 * 1024, .priority = priority});
    return started ? std::move(*started) : Thread();
}

/// Computes without a call that could let others run, but for the clock.
void spin_until(time::Instant end) noexcept {
    while (Monotonic::now() < end) {}
}
template <typename Condition>
bool spin_while(Condition condition) noexcept {
    const auto end = Monotonic::now() + 20s;
    while (condition())
        if (Monotonic::now() > end) return false;
    return true;
}

/// However slow the machine is: one that goes after all others runs when none of them can.
void all_others_wait() noexcept {
    auto nothing = [] {};
    const auto last = start(nothing, 0);
}

void slices(debug::Check& check) noexcept {
    std::array<std::atomic<unsigned>, 3> counts{};
    std::atomic<bool> over = false;
    auto first = [&] { while (!over) counts[0].fetch_add(1, std::memory_order_relaxed); };
    auto second = [&] { while (!over) counts[1].fetch_add(1, std::memory_order_relaxed); };
    auto third = [&] { while (!over) counts[2].fetch_add(1, std::memory_order_relaxed); };
    {
        auto one = start(first), two = start(second), three = start(third);
        check(one.joinable() && two.joinable() && three.joinable(), "three threads start");
        check(sched::sleep_for(300ms).has_value(), "main sleeps beside threads that never wait");
        over = true;
    }
    const auto [least, most] = std::minmax({counts[0].load(), counts[1].load(), counts[2].load()});
    check(least != 0, "all of them ran");
    check(most / 8 <= least, "in turns");

    // Main computes, and others run all the same.
    std::atomic<bool> ran = false;
    auto runs = [&] { ran = true; };
    auto thread = start(runs);
    check(spin_while([&] { return !ran; }), "a thread runs while main computes");
}

void priorities(debug::Check& check) noexcept {
    bool ran = false;
    auto runs = [&] { ran = true; };
    {
        const auto thread = start(runs, high);
        check(ran, "a thread of a higher priority runs at once");
    }
    std::atomic<unsigned> count = 0;
    std::atomic<bool> over = false;
    auto counts = [&] { while (!over) ++count; };
    {
        const auto thread = start(counts, low);
        spin_until(Monotonic::now() + 50ms);
        check(count == 0, "one of a lower priority does not run while there is something else to do");
        static_cast<void>(sched::sleep_for(20ms));
        check(count != 0, "and does when there is not");
        over = true;
    }
    // One that sleeps goes first again when its time has come.
    std::atomic<bool> awake = false;
    auto sleeps = [&] { static_cast<void>(sched::sleep_for(100ms)), awake = true; };
    {
        const auto thread = start(sleeps, high);
        check(!awake, "it sleeps");
        check(spin_while([&] { return !awake.load(); }), "and wakes while main computes");
    }
    // So does one that is woken.
    sched::WaitQueue queue;
    bool go = false, went = false;
    auto waits = [&] { static_cast<void>(queue.wait([&] { return go; })), went = true; };
    {
        const auto thread = start(waits, high);
        go = true;
        queue.wake_one();
        check(went, "who is woken by one of a lower priority runs at once");
    }
    check(sched::priority() == sched::default_priority, "main has the default one");
    sched::set_priority(high);
    bool before = true;
    auto notes = [&] { before = false; };
    {
        const auto thread = start(notes);
        check(before, "a thread that goes first goes on when it starts others");
        sched::set_priority(low);
        check(!before, "and gives way when it does no more");
    }
    sched::set_priority(sched::default_priority);
}

/// Priorities of others take effect at once, whether they run, could run, or wait for a mutex.
void others(debug::Check& check) noexcept {
    std::atomic<unsigned> count = 0;
    std::atomic<bool> over = false;
    auto counts = [&] { while (!over) ++count; };
    {
        auto thread = start(counts, low);
        spin_until(Monotonic::now() + 5ms);
        check(count == 0, "a thread below main does not run");
        std::atomic<bool> lowered = false;
        auto lowers = [&] {
            while (sched::priority(thread.number()) == low) static_cast<void>(sched::sleep_for(1ms));
            static_cast<void>(sched::sleep_for(5ms));
            sched::set_priority(thread.number(), low);
            lowered = true;
        };
        auto lowering = start(lowers, high);
        sched::set_priority(thread.number(), middle + 10);  // runs at once, until it is lowered
        check(count != 0 && lowered, "it does as soon as it goes before it, and no longer");
        const unsigned seen = count;
        spin_until(Monotonic::now() + 5ms);
        check(count == seen, "then main goes on alone");
        over = true;
    }
    // Of two that wait for a mutex, the one that was raised comes first.
    sched::Mutex mutex;
    unsigned next = 0, first = 0, second = 0;
    auto takes = [&] { const sched::Guard guard(mutex); first = ++next; };
    auto raised = [&] { const sched::Guard guard(mutex); second = ++next; };
    mutex.lock();
    sched::set_priority(low);
    {
        auto one = start(takes, middle), two = start(raised, middle);
        all_others_wait();
        sched::set_priority(two.number(), high);
        mutex.unlock();
    }
    sched::set_priority(sched::default_priority);
    check(second == 1 && first == 2, "who is raised while it waits for a mutex gets it first");
}

/// Who has a mutex that somebody waits for goes before those between them; and whom he waits for.
void inheritance(debug::Check& check) noexcept {
    sched::Mutex outer, inner;
    std::atomic<bool> low_has = false, chain_has = false, release = false, high_has = false;
    std::atomic<unsigned> spins = 0;
    auto owner = [&] {
        const sched::Guard guard(inner);
        low_has = true;
        while (!release) {}
    };
    auto chained = [&] {
        const sched::Guard guard(outer);
        chain_has = true;
        const sched::Guard another(inner);
    };
    auto busy = [&] { while (!high_has && spins < 1'000'000'000) spins.fetch_add(1, std::memory_order_relaxed); };
    auto wants = [&] {
        release = true;
        const sched::Guard guard(outer);
        high_has = true;
    };
    sched::set_priority(high + 1);
    {
        auto one = start(owner, low), two = start(chained, low + 1);
        static_cast<void>(sched::sleep_for(30ms));
        check(low_has && chain_has, "one has a mutex, the other one waits for it and has another");
        auto three = start(busy, middle), four = start(wants, high);
        const auto slept = sched::sleep_for(100ms);
        check(slept.has_value() && high_has, "the one in between does not keep the highest waiting");
        high_has = true;
    }
    sched::set_priority(sched::default_priority);

    // In time it is given back.
    std::atomic<bool> unlocked = false;
    std::atomic<unsigned> lowered = 0;
    auto holds = [&] {
        outer.lock();
        static_cast<void>(sched::sleep_for(10ms));
        outer.unlock();
        unlocked = true;
        for (unsigned i = 0; i != 1000; ++i) ++lowered;
    };
    auto takes = [&] { const sched::Guard guard(outer); };
    auto thread = start(holds, low);
    static_cast<void>(sched::sleep_for(2ms));
    {
        const auto taker = start(takes, high);
        check(!unlocked, "it waits");
    }
    check(unlocked || lowered == 0, "who lent nothing any more has its own priority");
    thread.join();

    // Among those who wait the highest comes first.
    std::array<unsigned, 3> order{};
    unsigned next = 0;
    auto first = [&] { const sched::Guard guard(outer); order[0] = ++next; };
    auto second = [&] { const sched::Guard guard(outer); order[1] = ++next; };
    auto third = [&] { const sched::Guard guard(outer); order[2] = ++next; };
    outer.lock();
    {
        sched::set_priority(low);
        auto one = start(first, middle), two = start(second, high), three = start(third, middle + 1);
        all_others_wait();  // main goes as the highest of them
        check(next == 0, "all of them wait");
        outer.unlock();
    }
    sched::set_priority(sched::default_priority);
    check(order == std::array{3U, 1U, 2U}, "the highest of those who wait gets it");
}

/// What floating point computes does not depend on who else does.
void registers(debug::Check& check) noexcept {
    struct Sum {
        double step;
        double result = 0;
        std::uint64_t mixed = 0;
        [[gnu::noinline]] void operator()() noexcept {
            double a = 0, b = 1, c = step;
            std::uint64_t whole = 88172645463325252;
            for (unsigned i = 0; i != 400'000; ++i) {
                a += c * 0.5, b = b * 0.999999 + a * 1e-9, c = c + b * 1e-7;
                whole ^= whole << 13, whole ^= whole >> 7, whole ^= whole << 17;
            }
            result = a + b + c;
            mixed = whole;
        }
    };
    std::array<Sum, 4> alone{Sum{1}, Sum{2.5}, Sum{-3}, Sum{1e-3}}, together = alone;
    for (Sum& sum : alone) sum();
    for (unsigned round = 0; round != 3; ++round) {
        std::array<Thread, alone.size()> threads;
        for (std::size_t i = 0; i != threads.size(); ++i) threads[i] = start(together[i]);
        // Main sleeps in between, so that they are interrupted more often than by their slices.
        for (unsigned i = 0; i != 20; ++i) static_cast<void>(sched::sleep_for(1ms));
    }
    bool same = true;
    for (std::size_t i = 0; i != alone.size(); ++i)
        same = same && std::memcmp(&alone[i].result, &together[i].result, sizeof(double)) == 0 && alone[i].mixed == together[i].mixed;
    check(same, "threads keep their registers when they are interrupted");
}

void heap(debug::Check& check) noexcept {
    const auto before = memory::heap::usage().allocated;
    struct User {
        std::uint32_t seed;
        bool right = true;
        void operator()() noexcept {
            std::array<std::uint8_t*, 16> blocks{};
            std::array<std::size_t, 16> sizes{};
            std::uint32_t random = seed;
            for (unsigned i = 0; i != 4000; ++i) {
                random = random * 1664525 + 1013904223;
                const std::size_t which = random >> 28;
                const auto fill = static_cast<std::uint8_t>(seed + which);
                if (blocks[which] != nullptr) {
                    for (std::size_t at = 0; at != sizes[which]; ++at) right = right && blocks[which][at] == fill;
                    memory::heap::release(blocks[which]);
                    blocks[which] = nullptr;
                } else if (auto block = memory::heap::allocate(sizes[which] = (random >> 8 & 511) + 1)) {
                    blocks[which] = static_cast<std::uint8_t*>(*block);
                    std::memset(blocks[which], fill, sizes[which]);
                }
            }
            for (std::uint8_t* block : blocks) memory::heap::release(block);
        }
    };
    std::array<User, 4> users{User{1}, User{50}, User{100}, User{150}};
    {
        std::array<Thread, users.size()> threads;
        for (std::size_t i = 0; i != threads.size(); ++i) threads[i] = start(users[i]);
        for (unsigned i = 0; i != 30; ++i) static_cast<void>(sched::sleep_for(1ms));
    }
    check(users[0].right && users[1].right && users[2].right && users[3].right, "threads share the heap");
    check(memory::heap::usage().allocated == before, "and nothing is lost");
}

void guards(debug::Check& check) noexcept {
    std::atomic<unsigned> count = 0;
    std::atomic<bool> over = false;
    auto counts = [&] { while (!over) ++count; };
    auto thread = start(counts);
    {
        const PreemptionGuard alone;
        const unsigned seen = count;
        spin_until(Monotonic::now() + 50ms);
        check(count == seen, "nobody else runs while preemption is held");
        {
            const PreemptionGuard nested;
        }
        spin_until(Monotonic::now() + 20ms);
        check(count == seen, "nor after a part of that");
    }
    check(spin_while([&] { return count == 0; }), "and then others run");
    over = true;
}

/// An interrupt that has to wait for the end of a critical section takes the CPU away there. Back from it, the thread is
/// interrupted as any other.
void sections(debug::Check& check) noexcept {
    std::atomic<unsigned> count = 0;
    std::atomic<bool> over = false;
    auto counts = [&] { while (!over) count.fetch_add(1, std::memory_order_relaxed); };
    auto thread = start(counts);
    bool others_run = true;
    for (unsigned round = 0; round != 20 && others_run; ++round) {
        // A slice that ends in the section, sooner or later.
        spin_until(Monotonic::now() + round * 1ms);
        {
            const platform::MaskGuard masked;
            spin_until(Monotonic::now() + 10ms);
        }
        const unsigned seen = count;
        others_run = spin_while([&] { return count == seen; });
    }
    check(others_run, "who was interrupted at the end of a critical section is interrupted again");
    over = true;
}

struct Doing final : sched::Work {
    explicit Doing(std::atomic<bool>& done) noexcept : done(done) {}
    void run() noexcept override { done = true; }
    std::atomic<bool>& done;
};

void works(debug::Check& check) noexcept {
    std::atomic<bool> done = false;
    Doing work(done);
    work.wake();
    check(spin_while([&] { return !done; }), "works run while main computes");
}

constexpr debug::NamedSuite suites[] = {{"slices", slices},       {"priorities", priorities}, {"others", others},       {"inheritance", inheritance},
                                        {"registers", registers}, {"heap", heap},             {"guards", guards},
                                        {"sections", sections},
                                        {"works", works}};

}  // namespace

int main() { return debug::run_suites(suites); }
