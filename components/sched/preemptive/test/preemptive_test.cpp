// SPDX-License-Identifier: BSD-3-Clause
// Interrupts at moments that a test chooses, each of which may let another thread go on. What needs none is in the
// conformance suites, which run here with a timer that interrupts.
#include "../../test/fake_time.hpp"

#include <unicore/arch/preemption.hpp>
#include <unicore/platform/host/images.hpp>
#include <unicore/platform/interrupts.hpp>
#include <unicore/power.hpp>
#include <unicore/sched.hpp>
#include <unicore/sched/mutex.hpp>
#include <unicore/sched/thread.hpp>

#define CATCH_CONFIG_EXTERNAL_INTERFACES
#include <catch2/catch.hpp>

#include <array>
#include <functional>

namespace unicore::sched::threads {
Result<void> start() noexcept;
}

using namespace std::chrono_literals;
using namespace unicore;
using platform::Interrupts;
using sched::Thread;
using sched::WaitQueue;
using test::counts;
using test::virtual_now;

namespace {

/// Runs `handler` as an interrupt that came upon the thread that runs.
void interrupt(const std::function<void()>& handler) {
    const platform::MaskGuard as_handlers_run;
    handler();
    arch::interrupt_ends();
}

/// What happens when the mask opens for the nth time; the timer ticks at all of them.
std::function<void()> handler;
unsigned countdown = 0;

void opened() {
    if (test::pass(1us)) interrupt([] {});
    if (countdown != 0 && --countdown == 0) interrupt(handler);
}

void begin() {
    countdown = 0;
    Interrupts::opened() = nullptr;
    platform::host::forget_images();
    test::reset_time();
    REQUIRE(sched::threads::start());
    Interrupts::opened() = opened;
}

/// Suites find a scheduler, and a timer.
struct Begin final : Catch::TestEventListenerBase {
    using TestEventListenerBase::TestEventListenerBase;
    void testCaseStarting(const Catch::TestCaseInfo&) override { begin(); }
    void testCaseEnded(const Catch::TestCaseStats&) override { Interrupts::opened() = nullptr; }
};
CATCH_REGISTER_LISTENER(Begin)

/// A thread that calls `what`, which lives as long.
Thread thread(std::function<void()>& what, unsigned priority = sched::default_priority) {
    constexpr std::size_t large = 256 * 1024;  // the sanitizers' frames are
    auto started = Thread::create([](void* body) noexcept { (*static_cast<std::function<void()>*>(body))(); }, &what,
                                  {.name = "test", .stack_size = large, .priority = priority});
    REQUIRE(started);
    return std::move(*started);
}

/// Runs `scenario(arm)` with an interrupt at each opening of the mask after arm(), until there are no more.
void everywhere(const std::function<void(const std::function<void()>&)>& scenario, const std::function<void()>& what) {
    for (unsigned number = 1;; ++number) {
        begin();
        bool came = false;
        scenario([&] {
            handler = [&] { came = true, what(); };
            countdown = number;
        });
        countdown = 0;
        INFO("opening " << number);
        CHECK(counts().hangs == 0);
        CHECK_FALSE(counts().unmasked);
        if (!came) {
            CHECK(number > 3);
            return;
        }
    }
}

}  // namespace

TEST_CASE("wherever an interrupt wakes a thread that goes first, it runs, and nothing is lost") {
    for (const unsigned priority : {4U, sched::default_priority, 30U}) {
        WaitQueue* queue = nullptr;
        bool done = false;
        const auto wake = [&] {
            done = true;
            if (queue != nullptr) queue->wake_one();
        };
        everywhere(
            [&](const std::function<void()>& arm) {
                done = false;
                WaitQueue here;
                queue = &here;
                unsigned turns = 0;
                std::function<void()> waits = [&] { CHECK(here.wait([&] { return done; })); };
                std::function<void()> yields = [&] { for (; turns != 5; ++turns) sched::yield(); };
                {
                    Thread one = thread(waits, priority), two = thread(yields);
                    test::interrupt_at(virtual_now() + 1s, wake);  // at the latest
                    arm();
                }
                CHECK(done);
                CHECK(turns == 5);
                queue = nullptr;
            },
            wake);
    }
}

TEST_CASE("wherever a thread with a lock is interrupted, it is the only one that has it") {
    WaitQueue* queue = nullptr;
    bool go = false;
    const auto wake = [&] {
        go = true;
        if (queue != nullptr) queue->wake_all();
    };
    everywhere(
        [&](const std::function<void()>& arm) {
            go = false;
            WaitQueue here;
            queue = &here;
            sched::Mutex mutex;
            unsigned inside = 0, entries = 0;
            const auto enter = [&] {
                for (unsigned i = 0; i != 3; ++i) {
                    const sched::Guard guard(mutex);
                    CHECK(++inside == 1);
                    sched::yield();
                    ++entries;
                    --inside;
                }
            };
            std::function<void()> high = [&] { static_cast<void>(here.wait([&] { return go; })), enter(); };
            std::function<void()> low = enter, middle = enter;
            {
                Thread one = thread(high, 30), two = thread(middle, 20), three = thread(low, 10);
                test::interrupt_at(virtual_now() + 1s, wake);
                arm();
            }
            CHECK(entries == 9);
            CHECK(mutex.try_lock());
            mutex.unlock();
            CHECK(sched::priority() == sched::default_priority);
            queue = nullptr;
        },
        wake);
}

TEST_CASE("wherever a mutex is unlocked while a wait for it gives up, one of the two has it") {
    WaitQueue* queue = nullptr;
    bool go = false;
    const auto wake = [&] {
        go = true;
        if (queue != nullptr) queue->wake_all();
    };
    everywhere(
        [&](const std::function<void()>& arm) {
            go = false;
            WaitQueue here;
            queue = &here;
            sched::Mutex mutex;
            std::function<void()> owner = [&] {
                const sched::Guard guard(mutex);
                static_cast<void>(here.wait([&] { return go; }));
            };
            {
                Thread one = thread(owner, 30);
                test::interrupt_at(virtual_now() + 1s, wake);
                arm();
                if (mutex.lock_until(virtual_now() + 4us)) mutex.unlock();
                CHECK_FALSE(mutex.held());
            }
            CHECK(mutex.try_lock());
            mutex.unlock();
            queue = nullptr;
        },
        wake);
}

TEST_CASE("wherever a stop request comes, it ends all waits, and threads are joined") {
    everywhere(
        [&](const std::function<void()>& arm) {
            WaitQueue queue;
            std::function<void()> waits = [&] {
                const auto outcome = queue.wait([] { return false; });
                CHECK((!outcome && outcome.error() == Error::stopped));
            };
            std::function<void()> sleeps = [&] { static_cast<void>(sched::sleep_for(1h)); };
            {
                Thread one = thread(waits, 20), two = thread(sleeps, 10);
                test::interrupt_at(virtual_now() + 1s, [] { power::request_stop(); });
                arm();
            }
        },
        [] { power::request_stop(); });
}

TEST_CASE("one that can run has no tick, and an hour of sleeping threads passes") {
    std::function<void()> sleeps = [&] { for (unsigned i = 0; i != 60; ++i) CHECK(sched::sleep_for(1min)); };
    const auto before = virtual_now();
    {
        std::array<Thread, 10> threads;
        for (Thread& one : threads) one = thread(sleeps);
    }
    CHECK(virtual_now() - before >= 1h);
    CHECK(virtual_now() - before < 1h + 1s);
    CHECK(counts().idles < 700);
}

TEST_CASE("whom an interrupt woke beside the one that idled gets its turn, though that one computes") {
    WaitQueue first, second;
    bool go = false, ran = false;
    std::function<void()> waits = [&] { ran = second.wait([&] { return go; }).has_value(); };
    Thread other = thread(waits);
    sched::yield();  // it waits
    test::interrupt_at(virtual_now() + 1ms, [&] {
        interrupt([&] { go = true, first.wake_one(), second.wake_one(); });
    });
    CHECK(first.wait([&] { return go; }));
    CHECK_FALSE(ran);
    // It computes for a second; interrupts come in between.
    for (unsigned i = 0; i != 1000 && !ran; ++i)
        if (test::pass(1ms)) interrupt([] {});
    CHECK(ran);
    other.join();
}
