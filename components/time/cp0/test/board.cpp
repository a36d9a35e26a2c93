// SPDX-License-Identifier: BSD-3-Clause
#include "board.hpp"

#include "../cp0_clock.hpp"

#include <unicore/arch/ports.hpp>
#include <unicore/platform/interrupts.hpp>
#include <unicore/time/clock.hpp>

#define CATCH_CONFIG_EXTERNAL_INTERFACES
#include <catch2/catch.hpp>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <string>

namespace unicore::test {
namespace {

std::unique_ptr<Board> machine;
std::unique_ptr<time::cp0::Cp0Clock<Cpu>> monotonic;

struct Reset final : Catch::TestEventListenerBase {
    using TestEventListenerBase::TestEventListenerBase;
    std::string test_case;
    void testCaseStarting(const Catch::TestCaseInfo& info) override { test_case = info.name; }
    /// A test case runs once for each of its sections, and its own section starts each time.
    void sectionStarting(const Catch::SectionInfo& info) override {
        if (info.name != test_case) return;
        machine = std::make_unique<Board>();
        monotonic = std::make_unique<time::cp0::Cp0Clock<Cpu>>();
        arch::ports::model = {[](std::uint16_t port, unsigned) noexcept -> std::uint32_t {
                                  board().pass(board().port_time);
                                  return board().pit.read(port);
                              },
                              [](std::uint16_t port, std::uint32_t value, unsigned) noexcept {
                                  board().pass(board().port_time / 2);
                                  board().pit.write(port, static_cast<std::uint8_t>(value), board().now);
                                  board().pass(board().port_time / 2);
                              }};
        platform::Interrupts::masked() = false;
        platform::Interrupts::arrive() = [] { board().halt(); };
    }
    void sectionEnded(const Catch::SectionStats& stats) override {
        if (stats.sectionInfo.name == test_case && !machine->pit.wrong.empty())
            throw std::runtime_error(machine->pit.wrong);
    }
};
CATCH_REGISTER_LISTENER(Reset)

}  // namespace

Board& board() { return *machine; }

void Board::halt() {
    ++halts;
    std::uint64_t next = pending ? now : expiry();
    const bool others = interrupt_every != 0 && now / interrupt_every * interrupt_every + interrupt_every < next;
    if (others) next = now / interrupt_every * interrupt_every + interrupt_every;
    const bool mine = pending || expiry() <= std::max(now, next) + latency;
    now = std::max(now, next) + latency;
    if (others) other();
    if (mine) handler(nullptr);
}

}  // namespace unicore::test

// The conformance suite of time.clock runs on this machine.
namespace unicore::time {

Instant Monotonic::now() noexcept { return Instant(Duration(test::monotonic->now())); }
void clock::idle_until(Instant deadline) noexcept {
    const Duration::rep nanoseconds = std::max<Duration::rep>(deadline.time_since_epoch().count(), 0);
    test::monotonic->idle_until(static_cast<std::uint64_t>(nanoseconds));
}

}  // namespace unicore::time
