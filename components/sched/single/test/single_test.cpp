// SPDX-License-Identifier: BSD-3-Clause
#include "../../test/fake_time.hpp"

#include <unicore/power.hpp>
#include <unicore/sched.hpp>
#include <unicore/sched/work.hpp>

#include <catch2/catch.hpp>

#include <algorithm>
#include <functional>

using namespace std::chrono_literals;
using namespace unicore;
using sched::WaitQueue;
using test::counts;
using test::virtual_now;

namespace {

constexpr auto never_holds = [] { return false; };

bool is(const Result<void>& outcome, Error error) { return !outcome && outcome.error() == error; }

struct Doing final : sched::Work {
    explicit Doing(std::function<void()> what) : what(std::move(what)) {}
    void run() noexcept override { what(); }
    std::function<void()> what;
};

}  // namespace

TEST_CASE("a wait without a deadline reads no clock") {
    WaitQueue queue;
    bool done = false;
    test::interrupt_at(virtual_now() + 5ms, [&] { done = true, queue.wake_one(); });
    CHECK(queue.wait([&] { return done; }).has_value());
    CHECK(counts().readings == 0);
    CHECK(counts().idles == 1);
    CHECK(counts().hangs == 0);

    CHECK(queue.wait([&] { return done; }, virtual_now() + 1ms).has_value());
    CHECK(counts().readings == 0);  // nor does one whose condition holds
}

TEST_CASE("conditions are evaluated masked, idling is masked, and the mask is restored") {
    WaitQueue queue;
    REQUIRE_FALSE(test::masked());
    bool always_masked = true;
    CHECK(
        is(queue.wait([&] { return always_masked &= test::masked(), false; }, virtual_now() + 1ms), Error::timed_out));
    CHECK(always_masked);
    CHECK_FALSE(counts().unmasked);
    CHECK_FALSE(test::masked());
}

TEST_CASE("the deadline ends a wait exactly, interrupts that mean nothing do not") {
    WaitQueue queue;
    for (int i = 1; i < 8; ++i) test::interrupt_at(virtual_now() + i * 1ms, [] {});
    const auto deadline = virtual_now() + 10ms;
    CHECK(is(queue.wait(never_holds, deadline), Error::timed_out));
    CHECK(virtual_now() == deadline);
    CHECK(counts().idles == 8);
}

TEST_CASE("a wake-up without a change is followed by another sleep") {
    WaitQueue queue;
    bool done = false;
    test::interrupt_at(virtual_now() + 1ms, [&] { queue.wake_all(); });
    test::interrupt_at(virtual_now() + 2ms, [&] { done = true, queue.wake_all(); });
    CHECK(queue.wait([&] { return done; }).has_value());
    CHECK(counts().idles == 2);
}

TEST_CASE("a stop request ends waits and sleeps, a condition that holds wins over it") {
    WaitQueue queue;
    test::interrupt_at(virtual_now() + 1ms, [] { power::request_stop(); });
    CHECK(is(queue.wait(never_holds), Error::stopped));
    CHECK(counts().hangs == 0);
    CHECK(is(queue.wait(never_holds), Error::stopped));
    CHECK(is(queue.wait(never_holds, virtual_now() - 1ms), Error::stopped));
    CHECK(is(sched::sleep_for(1h), Error::stopped));
    CHECK(is(sched::sleep_until(time::never), Error::stopped));
    CHECK(queue.wait([] { return true; }).has_value());
    CHECK(counts().idles == 1);
}

TEST_CASE("a condition that comes true with the deadline wins") {
    WaitQueue queue;
    bool done = false;
    const auto deadline = virtual_now() + 4ms;
    test::interrupt_at(deadline, [&] { done = true, queue.wake_one(); });
    CHECK(queue.wait([&] { return done; }, deadline).has_value());
}

// The mask is open in two places besides the halt: while the clock calibrates itself, and where a
// condition waits. An interrupt there is the one that a naive scheduler sleeps through.
TEST_CASE("no wake-up is lost while the clock calibrates") {
    test::reset_time();  // for every section
    WaitQueue queue;
    bool done = false;
    SECTION("the condition comes true") {
        test::interrupt_in_next_reading([&] { done = true, queue.wake_one(); });
        CHECK(queue.wait([&] { return done; }, virtual_now() + 1h).has_value());
    }
    SECTION("a stop is requested") {
        test::interrupt_in_next_reading([] { power::request_stop(); });
        CHECK(is(queue.wait(never_holds, virtual_now() + 1h), Error::stopped));
    }
    SECTION("the condition comes true while the deadline passes") {
        test::interrupt_in_next_reading([&] { done = true, queue.wake_one(); });
        CHECK(queue.wait([&] { return done; }, virtual_now()).has_value());
    }
    CHECK(counts().idles == 0);
}

TEST_CASE("no wake-up is lost while a condition waits") {
    for (const bool same_queue : {false, true}) {
        for (const bool all : {false, true}) {
            for (const bool deadline : {false, true}) {
                test::reset_time();
                WaitQueue outer, other;
                WaitQueue& inner = same_queue ? outer : other;
                bool outer_done = false, inner_done = false;
                // First the outer one's event, then the inner one's: the outer condition was read before.
                test::interrupt_at(virtual_now() + 1ms,
                                   [&] { outer_done = true, all ? outer.wake_all() : outer.wake_one(); });
                test::interrupt_at(virtual_now() + 2ms,
                                   [&] { inner_done = true, all ? inner.wake_all() : inner.wake_one(); });
                const auto condition = [&] {
                    const bool result = outer_done;
                    if (!inner_done) CHECK(inner.wait([&] { return inner_done; }).has_value());
                    return result;
                };
                CHECK(outer.wait(condition, deadline ? virtual_now() + 1h : time::never).has_value());
                CHECK(virtual_now() == time::Instant(1s) + 2ms);
                CHECK(counts().hangs == 0);
                CHECK(counts().idles == 2);
            }
        }
    }
}

// Every order of the events that end a wait, at every place an interrupt can come in: in the reading
// of the clock (slot 0), or in the first, second or third idle.
TEST_CASE("wake-up, stop and deadline in every order") {
    constexpr int nowhere = 4;
    for (int wake = 0; wake <= nowhere; ++wake) {
        for (int stop = 0; stop <= nowhere; ++stop) {
            for (int limit = 1; limit <= nowhere; ++limit) {
                if (wake == nowhere && stop == nowhere && limit == nowhere) continue;  // nothing ends it
                if ((wake == 0 || stop == 0) && limit == nowhere) continue;            // no clock is read
                CAPTURE(wake, stop, limit);
                test::reset_time();
                WaitQueue queue;
                bool done = false;
                const auto start = virtual_now();
                const auto finish = [&] { done = true, queue.wake_one(); };
                test::interrupt_in_next_reading([&] {
                    if (stop == 0) power::request_stop();
                    if (wake == 0) finish();
                });
                for (int slot = 1; slot < nowhere; ++slot) {
                    test::interrupt_at(start + slot * 1ms, [&, slot] {
                        if (stop == slot) power::request_stop();
                        if (wake == slot) finish();
                    });
                }
                const auto deadline = limit == nowhere ? time::never : start + limit * 1ms;
                const auto outcome = queue.wait([&] { return done; }, deadline);
                if (wake <= stop && wake <= limit && wake < nowhere) CHECK(outcome.has_value());
                else if (stop <= limit && stop < nowhere) CHECK(is(outcome, Error::stopped));
                else CHECK(is(outcome, Error::timed_out));
                CHECK(virtual_now() == start + std::min({wake, stop, limit}) * 1ms);
                CHECK(counts().hangs == 0);
            }
        }
    }
}

TEST_CASE("sleeps reach their moment, the longest are for ever") {
    const auto start = virtual_now();
    CHECK(sched::sleep_for(3ms).has_value());
    CHECK(virtual_now() == start + 3ms);
    CHECK(sched::sleep_until(start + 5ms).has_value());
    CHECK(virtual_now() == start + 5ms);
    CHECK(sched::sleep_for(-1h).has_value());
    CHECK(sched::sleep_for(time::Duration::min() / 2).has_value());
    CHECK(virtual_now() == start + 5ms);

    const unsigned readings = counts().readings;
    test::interrupt_at(start + 10ms, [] { power::request_stop(); });
    CHECK(is(sched::sleep_for(time::Duration::max()), Error::stopped));
    CHECK(counts().readings == readings);  // for ever needs no clock

    test::reset_time();
    test::interrupt_at(virtual_now() + 1ms, [] { power::request_stop(); });
    CHECK(is(sched::sleep_for(time::Duration::max() - 1ns), Error::stopped));  // would overflow
    CHECK(virtual_now() == time::Instant(1s) + 1ms);
}

TEST_CASE("work that an interrupt wakes runs before the CPU halts again, unmasked") {
    WaitQueue queue;
    bool done = false, masked = true;
    Doing work([&] { done = true, masked = test::masked(); });
    test::interrupt_at(virtual_now() + 1ms, [&] { work.wake(); });
    CHECK(queue.wait([&] { return done; }).has_value());
    CHECK_FALSE(masked);
    CHECK(virtual_now() == time::Instant(1s) + 1ms);
    CHECK(counts().idles == 1);
    CHECK_FALSE(test::masked());
}

TEST_CASE("work that is woken while the clock calibrates is not slept through") {
    WaitQueue queue;
    bool done = false;
    Doing work([&] { done = true; });
    test::interrupt_in_next_reading([&] { work.wake(); });
    CHECK(queue.wait([&] { return done; }, virtual_now() + 1h).has_value());
    CHECK(counts().idles == 0);
}

TEST_CASE("what ends a wait comes before work") {
    WaitQueue queue;
    unsigned runs = 0;
    Doing work([&] { ++runs; });
    work.wake();
    CHECK(queue.wait([] { return true; }).has_value());
    CHECK(is(queue.wait(never_holds, virtual_now() - 1ms), Error::timed_out));
    CHECK(runs == 0);
    SECTION("a stop request too") {
        power::request_stop();
        CHECK(is(queue.wait(never_holds), Error::stopped));
        CHECK(runs == 0);
    }
    sched::yield();
    CHECK(runs == 1);
    sched::yield();
    CHECK(runs == 1);
}

TEST_CASE("a stop request ends a wait that always has work") {
    WaitQueue queue;
    unsigned runs = 0;
    std::function<void()> again;
    Doing work([&] { again(); });
    again = [&] {
        work.wake();
        if (++runs == 10) power::request_stop();
    };
    work.wake();
    CHECK(is(queue.wait(never_holds), Error::stopped));
    CHECK(runs == 10);
    CHECK(counts().idles == 0);
}

TEST_CASE("an interrupt that wakes a work and its wait lets the wait go first") {
    WaitQueue queue;
    bool done = false, ran = false;
    Doing work([&] { ran = true; });
    test::interrupt_at(virtual_now() + 1ms, [&] { done = true, work.wake(), queue.wake_one(); });
    CHECK(queue.wait([&] { return done; }).has_value());
    CHECK_FALSE(ran);
}
