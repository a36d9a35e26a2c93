// SPDX-License-Identifier: BSD-3-Clause
// Interrupt lines of a machine: the 8254 on the first 8259, the date's clock on the second.
#include <unicore/arch/ports.hpp>
#include <unicore/debug/suites.hpp>
#include <unicore/interrupts/pc/lines.hpp>
#include <unicore/platform/interrupts.hpp>
#include <unicore/time/clock.hpp>

#include <cstdint>

namespace {

using namespace std::chrono_literals;
using namespace unicore;
using interrupts::pc::IsaLine;
using interrupts::pc::Line;

namespace ports = arch::ports;

constexpr IsaLine timer{0}, date{8};
constinit volatile unsigned timer_ticks = 0, date_ticks = 0;

void on_timer() noexcept {
    timer_ticks = timer_ticks + 1;
    interrupts::pc::end_of_interrupt(timer);
}

std::uint8_t date_read(std::uint8_t place) noexcept {
    ports::write8(0x70, place);
    return ports::read8(0x71);
}

void date_write(std::uint8_t place, std::uint8_t value) noexcept {
    ports::write8(0x70, place);
    ports::write8(0x71, value);
}

void on_date() noexcept {
    date_read(0x0c);  // acknowledges
    date_ticks = date_ticks + 1;
    interrupts::pc::end_of_interrupt(date);
}

/// Sleeps until `count` has grown by `wanted`; false when it has not after some seconds.
bool grows(const volatile unsigned& count, unsigned wanted) noexcept {
    const platform::MaskGuard masked;
    const unsigned before = count;
    const time::Instant deadline = time::Monotonic::now() + 10s;
    while (count - before < wanted) {
        if (time::Monotonic::now() >= deadline) return false;
        time::clock::idle_until(deadline);
    }
    return true;
}

void sleep(time::Duration duration) noexcept {
    const platform::MaskGuard masked;
    const time::Instant deadline = time::Monotonic::now() + duration;
    while (time::Monotonic::now() < deadline) time::clock::idle_until(deadline);
}

void start_timer() noexcept {
    constexpr std::uint16_t divisor = 1193;  // about 1 kHz
    ports::write8(0x43, 0x34);
    ports::write8(0x40, divisor & 0xff);
    ports::write8(0x40, divisor >> 8);
}

void start_date() noexcept {
    date_write(0x0a, 0x26);                     // 1,024 Hz
    date_write(0x0b, date_read(0x0b) | 0x40);  // periodic interrupt
    date_read(0x0c);
}

void lines(debug::Check& check) noexcept {
    time::Monotonic::now();  // which may need the 8254
    check(Line::create(IsaLine{2}, on_timer).error() == Error::invalid_argument, "the cascade is no line");
    start_timer();
    start_date();
    {
        auto first = Line::create(timer, on_timer);
        if (!check(first.has_value(), "a line of the first controller")) return;
        check(Line::create(timer, on_timer).error() == Error::busy, "which has one owner");
        check(grows(timer_ticks, 20), "interrupts");
        check(date_ticks == 0, "and the others do not");

        auto second = Line::create(date, on_date);
        if (!check(second.has_value(), "a line of the second controller")) return;
        date_read(0x0c);  // one that is pending would be no edge
        check(grows(date_ticks, 20), "interrupts");
        check(grows(timer_ticks, 20), "and so does the first one still");
    }
    const unsigned timer_before = timer_ticks, date_before = date_ticks;
    sleep(30ms);
    check(timer_ticks == timer_before && date_ticks == date_before, "without an owner both are silent");
    {
        auto again = Line::create(timer, on_timer);
        check(again.has_value() && grows(timer_ticks, 5), "and can be taken again");
    }
}

}  // namespace

int main() {
    static constexpr debug::NamedSuite suites[] = {{"interrupt lines", lines}};
    return debug::run_suites(suites);
}
