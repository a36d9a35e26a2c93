// SPDX-License-Identifier: BSD-3-Clause
// Interrupts at moments that a test chooses. What needs none is in the conformance suites.
#include "../../test/fake_time.hpp"

#include <unicore/platform/host/images.hpp>
#include <unicore/platform/interrupts.hpp>
#include <unicore/power.hpp>
#include <unicore/sched.hpp>
#include <unicore/sched/thread.hpp>
#include <unicore/sched/work.hpp>

#include <catch2/catch.hpp>

#include <functional>
#include <vector>

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

constexpr Thread::Settings large{.name = "test", .stack_size = 256 * 1024};  // the sanitizers' frames are

bool is(const Result<void>& outcome, Error error) { return !outcome && outcome.error() == error; }

/// A thread that calls `what`, which lives as long.
Thread thread(std::function<void()>& what) {
    auto started = Thread::create([](void* body) noexcept { (*static_cast<std::function<void()>*>(body))(); }, &what, large);
    REQUIRE(started);
    return std::move(*started);
}

void begin() {
    platform::host::forget_images();
    test::reset_time();
    REQUIRE(sched::threads::start());
}

/// What happens when the mask opens for the nth time, as an interrupt that waited for that.
std::function<void()> handler;
unsigned countdown = 0;

void at_opening(unsigned number, std::function<void()> what) {
    countdown = number;
    handler = std::move(what);
    Interrupts::opened() = [] {
        if (countdown == 0 || --countdown != 0) return;
        const platform::MaskGuard as_handlers_run;
        handler();
    };
}

/// Runs `scenario(done)` with an interrupt at each opening of the mask, until there are no more.
void everywhere(const std::function<void(const std::function<void()>&)>& scenario, const std::function<void()>& interrupt) {
    for (unsigned number = 1;; ++number) {
        begin();
        bool came = false;
        scenario([&] { at_opening(number, [&] { came = true, interrupt(); }); });
        Interrupts::opened() = nullptr;
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

TEST_CASE("wherever an interrupt wakes a thread, it is not lost") {
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
                Thread one = thread(waits), two = thread(yields);
                test::interrupt_at(virtual_now() + 1s, wake);  // at the latest
                arm();
            }
            CHECK(done);
            CHECK(turns == 5);
            queue = nullptr;
        },
        wake);
}

TEST_CASE("wherever a stop request comes, it ends all waits, and threads are joined") {
    everywhere(
        [&](const std::function<void()>& arm) {
            WaitQueue queue;
            unsigned stopped = 0;
            std::function<void()> waits = [&] { stopped += is(queue.wait([] { return false; }), Error::stopped); };
            std::function<void()> sleeps = [&] { stopped += is(sched::sleep_for(1h), Error::stopped); };
            {
                Thread one = thread(waits), two = thread(sleeps), three = thread(waits);
                test::interrupt_at(virtual_now() + 1s, [] { power::request_stop(); });
                arm();
            }
            CHECK(stopped == 3);
        },
        [] { power::request_stop(); });
}

TEST_CASE("a stop request before the boot step is seen by whoever yields") {
    platform::host::forget_images();
    test::reset_time();
    power::request_stop();
    REQUIRE(sched::threads::start());
    bool stopped = false;
    WaitQueue queue;
    std::function<void()> waits = [&] { stopped = is(queue.wait([] { return false; }), Error::stopped); };
    Thread one = thread(waits);
    for (int i = 0; i != 10; ++i) sched::yield();
    CHECK(stopped);
}

TEST_CASE("deadlines are met exactly, the CPU halts meanwhile, and nothing else reads the clock") {
    begin();
    std::vector<int> order;
    const auto start = virtual_now();
    std::vector<std::function<void()>> bodies;
    for (const int milliseconds : {30, 10, 20})
        bodies.emplace_back([&order, milliseconds, start] {
            CHECK(sched::sleep_until(start + std::chrono::milliseconds(milliseconds)));
            CHECK(virtual_now() == start + std::chrono::milliseconds(milliseconds));
            order.push_back(milliseconds);
        });
    {
        std::vector<Thread> threads;
        for (auto& body : bodies) threads.push_back(thread(body));
    }
    CHECK(order == std::vector{10, 20, 30});
    CHECK(counts().idles == 3);

    begin();
    WaitQueue queue;
    bool done = false;
    std::function<void()> waits = [&] { CHECK(queue.wait([&] { return done; })); };
    {
        Thread one = thread(waits);
        test::interrupt_at(virtual_now() + 5ms, [&] { done = true, queue.wake_one(); });
    }
    CHECK(counts().readings == 0);
    CHECK(counts().idles == 1);
}

TEST_CASE("an hour of sleeping threads passes") {
    begin();
    unsigned naps = 0;
    std::vector<std::function<void()>> bodies;
    for (int each = 1; each <= 10; ++each)
        bodies.emplace_back([&naps, each] {
            const auto end = virtual_now() + 1h;
            for (; virtual_now() < end; ++naps) CHECK(sched::sleep_for(std::chrono::seconds(each)));
        });
    const auto start = virtual_now();
    {
        std::vector<Thread> threads;
        for (auto& body : bodies) threads.push_back(thread(body));
    }
    CHECK(virtual_now() - start >= 1h);
    CHECK(virtual_now() - start < 1h + 10s);
    CHECK(naps == 3600 + 1800 + 1200 + 900 + 720 + 600 + 515 + 450 + 400 + 360);
}

TEST_CASE("a wait that was called masked is masked again, and others were not meanwhile") {
    begin();
    WaitQueue queue;
    bool done = false, other_masked = true;
    std::function<void()> other = [&] {
        other_masked = test::masked();
        done = true;
        queue.wake_all();
    };
    Thread one = thread(other);
    {
        const platform::MaskGuard masked;
        CHECK(queue.wait([&] { return done; }));
        CHECK(test::masked());
    }
    CHECK_FALSE(other_masked);
    CHECK_FALSE(test::masked());
}
