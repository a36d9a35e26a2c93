// SPDX-License-Identifier: BSD-3-Clause
#include "pc.hpp"


#include "../tsc_clock.hpp"

#include <unicore/arch/ports.hpp>
#include <unicore/interrupts/pc/timer.hpp>
#include <unicore/platform/interrupts.hpp>
#include <unicore/time/clock.hpp>

#define CATCH_CONFIG_EXTERNAL_INTERFACES
#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <memory>
#include <stdexcept>

#include <sys/wait.h>
#include <unistd.h>

namespace unicore::test {
namespace {

constexpr std::uint64_t never = std::numeric_limits<std::uint64_t>::max();

std::unique_ptr<Pc> machine;
std::unique_ptr<time::tsc::TscClock<Cpu>> monotonic;

struct Reset final : Catch::TestEventListenerBase {
    using TestEventListenerBase::TestEventListenerBase;
    std::string test_case;
    void testCaseStarting(const Catch::TestCaseInfo& info) override { test_case = info.name; }
    /// A test case runs once for each of its sections, and its own section starts each time.
    void sectionStarting(const Catch::SectionInfo& info) override {
        if (info.name == test_case) reset();
    }
    static void reset() {
        machine = std::make_unique<Pc>();
        monotonic = std::make_unique<time::tsc::TscClock<Cpu>>();
        arch::ports::model = {
            [](std::uint16_t port, unsigned) noexcept -> std::uint32_t { return pc().port_read(port); },
            [](std::uint16_t port, std::uint32_t value, unsigned) noexcept {
                pc().port_write(port, static_cast<std::uint8_t>(value));
            }};
        platform::Interrupts::masked() = false;
        platform::Interrupts::arrive() = [] { pc().halt(); };
    }
    void sectionEnded(const Catch::SectionStats& stats) override {
        if (stats.sectionInfo.name == test_case && !(machine->wrong + machine->pit.wrong).empty())
            throw std::runtime_error(machine->wrong + machine->pit.wrong);
    }
};
CATCH_REGISTER_LISTENER(Reset)

std::uint64_t ticks_of(std::uint64_t picoseconds, std::uint64_t hertz) {
    return static_cast<std::uint64_t>(static_cast<unsigned __int128>(picoseconds) * hertz / Pc::second);
}

}  // namespace

Pc& pc() { return *machine; }

std::uint64_t Pc::cycles() {
    now += 10 * nanosecond;
    at_cycles();
    return ticks_of(now, tsc_hertz);
}

void Pc::write_msr(std::uint32_t number, std::uint64_t value) {
    registers[number] = value;
    page = (value & 1) != 0 ? reinterpret_cast<time::pvclock::PvclockTime*>(value - 1) : nullptr;
    if (page != nullptr) fill_page();
}

void Pc::add_kvmclock(std::uint32_t base, std::uint32_t features) {
    leaves[base] = {base + 1, 0x4b4d564b, 0x564b4d56, 0x4d};
    leaves[base + 1] = {features};
}

void Pc::fill_page() {
    const auto scale = time::pvclock::Scale::of(tsc_hertz);
    page->version = page->version + 1;
    page->timestamp = ticks_of(now, tsc_hertz);
    page->system_time = now / nanosecond;
    page->multiplier = scale.multiplier;
    page->shift = scale.shift;
    page->version = page->version + 1;
}

std::uint64_t Pc::expiry() const {
    if (!armed) return never;
    if (timer == Timer::one_shot) return armed_at + armed_ticks * timer_period();
    const std::uint64_t current = ticks_of(now, tsc_hertz);
    if (deadline <= current) return now;
    return now + static_cast<std::uint64_t>(static_cast<unsigned __int128>(deadline - current) * second / tsc_hertz);
}

std::uint32_t Pc::left() const {
    const std::uint64_t passed = (now - armed_at) / timer_period();
    return passed >= armed_ticks ? 0 : static_cast<std::uint32_t>(armed_ticks - passed);
}

void Pc::halt() {
    ++halts;
    std::uint64_t next = expiry();
    if (interrupt_every != 0) next = std::min(next, now / interrupt_every * interrupt_every + interrupt_every);
    if (next == never) {
        std::fprintf(stderr, "the CPU halts for ever\n");
        std::abort();
    }
    now = std::max(now, next) + latency + delay();
    if (expiry() <= now) armed = false;
}

std::uint8_t Pc::port_read(std::uint16_t port) {
    now += port_time;
    return pit.read(port);
}

void Pc::port_write(std::uint16_t port, std::uint8_t value) {
    now += port_time / 2;
    pit.write(port, value, now);
    now += port_time - port_time / 2;
}

std::string panic_of(const std::function<void()>& body) {
    int channel[2];
    if (pipe(channel) != 0) return "no pipe";
    const pid_t child = fork();
    if (child == 0) {
        dup2(channel[1], STDERR_FILENO);
        body();
        _exit(0);
    }
    close(channel[1]);
    std::string text;
    char buffer[256];
    for (ssize_t count; (count = read(channel[0], buffer, sizeof buffer)) > 0;)
        text.append(buffer, static_cast<std::size_t>(count));
    close(channel[0]);
    int status = 0;
    waitpid(child, &status, 0);
    return status != 0 ? text : "";
}

}  // namespace unicore::test

namespace unicore::interrupts::pc::timer {

using test::Pc;
using test::pc;

void start(Mode mode) noexcept {
    if (mode == Mode::deadline && (pc().leaves[1].ecx & 1 << 24) == 0)
        pc().wrong += "a mode that this CPU does not have; ";
    pc().timer = mode == Mode::deadline ? Pc::Timer::deadline : Pc::Timer::one_shot;
    pc().armed = false;
}

void arm(std::uint32_t ticks) noexcept {
    if (pc().timer != Pc::Timer::one_shot) pc().wrong += "armed in the wrong mode; ";
    if (!platform::Interrupts::masked()) pc().wrong += "armed unmasked; ";
    if (ticks == 0) pc().wrong += "armed for never; ";
    pc().armed = true;
    ++pc().arms;
    pc().armed_at = pc().now;
    pc().armed_ticks = ticks;
}

std::uint32_t left() noexcept { return pc().left(); }

bool armed() noexcept { return pc().armed; }

void arm_deadline(std::uint64_t cycles) noexcept {
    if (pc().timer != Pc::Timer::deadline) pc().wrong += "armed in the wrong mode; ";
    pc().armed = true;
    ++pc().arms;
    pc().deadline = cycles;
}

}  // namespace unicore::interrupts::pc::timer

// The conformance suite of time.clock runs on this machine.
namespace unicore::time {

Instant Monotonic::now() noexcept { return Instant(Duration(test::monotonic->now())); }
void clock::idle_until(Instant deadline) noexcept {
    test::monotonic->idle_until(static_cast<std::uint64_t>(deadline.time_since_epoch().count()));
}

}  // namespace unicore::time
