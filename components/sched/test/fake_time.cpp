// SPDX-License-Identifier: BSD-3-Clause
#include "fake_time.hpp"

#include <unicore/platform/interrupts.hpp>
#include <unicore/power.hpp>
#include <unicore/power/alert.hpp>

#define CATCH_CONFIG_EXTERNAL_INTERFACES
#include <catch2/catch.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace unicore::test {

namespace {

struct Scripted {
    time::Instant at;
    std::function<void()> handler;
};

time::Instant clock;
time::Instant timer = time::never;
std::vector<Scripted> script;
std::function<void()> in_reading;
Counts counted;
unsigned readings_without_idle;
bool stop_flag;

struct Reset final : Catch::TestEventListenerBase {
    using TestEventListenerBase::TestEventListenerBase;
    void testCaseStarting(const Catch::TestCaseInfo&) override { reset_time(); }
};
CATCH_REGISTER_LISTENER(Reset)

}  // namespace

void reset_time() noexcept {
    clock = time::Instant(std::chrono::seconds(1));
    timer = time::never;
    script.clear();
    in_reading = {};
    counted = {};
    readings_without_idle = 0;
    stop_flag = false;
}

void interrupt_at(time::Instant at, std::function<void()> handler) { script.push_back({at, std::move(handler)}); }
void interrupt_in_next_reading(std::function<void()> handler) { in_reading = std::move(handler); }
time::Instant virtual_now() noexcept { return clock; }
const Counts& counts() noexcept { return counted; }

bool pass(time::Duration duration) noexcept {
    clock += duration;
    if (clock < timer) return false;
    timer = time::never;
    return true;
}

bool masked() noexcept {
    using platform::Interrupts;
    const auto before = Interrupts::save_and_mask();
    const auto when_masked = Interrupts::save_and_mask();
    Interrupts::restore(when_masked);
    Interrupts::restore(before);
    return before == when_masked;
}

}  // namespace unicore::test

namespace unicore::power {

[[gnu::weak]] void alert() noexcept {}

void request_stop() noexcept {
    test::stop_flag = true;
    alert();
}
bool stop_requested() noexcept { return test::stop_flag; }

}  // namespace unicore::power

namespace unicore::time {

Instant Monotonic::now() noexcept {
    ++test::counted.readings;
    if (auto handler = std::exchange(test::in_reading, {})) handler();
    if (++test::readings_without_idle > 1000) test::clock += std::chrono::microseconds(1);
    return test::clock;
}

void clock::interrupt_at(Instant deadline) noexcept { test::timer = deadline; }

/// Runs the first scripted interrupt that comes before the deadline, or moves the clock there.
void clock::idle_until(Instant deadline) noexcept {
    ++test::counted.idles;
    test::timer = never;
    test::readings_without_idle = 0;
    if (!test::masked()) test::counted.unmasked = true;

    const auto next = std::ranges::min_element(test::script, {}, &test::Scripted::at);
    if (next != test::script.end() && next->at <= deadline) {
        test::clock = std::max(test::clock, next->at);
        const auto handler = std::move(next->handler);
        test::script.erase(next);
        handler();
    } else if (deadline != never) {
        test::clock = std::max(test::clock, deadline);
    } else {
        ++test::counted.hangs;
        power::request_stop();
    }
}

}  // namespace unicore::time
