// SPDX-License-Identifier: BSD-3-Clause
#include <unicore/arch/cycles.hpp>
#include <unicore/arch/generic_timer.hpp>
#include <unicore/base/panic.hpp>
#include <unicore/bus/devicetree.hpp>
#include <unicore/interrupts.hpp>
#include <unicore/platform/interrupts.hpp>
#include <unicore/time/clock.hpp>
#include <unicore/time/pvclock/scale.hpp>

#include <algorithm>
#include <limits>
#include <optional>
#include <span>
#include <string_view>

namespace unicore::time {
namespace {

using namespace std::string_view_literals;
using pvclock::Scale;

constinit Scale scale;  ///< a multiplier of 0: the clock was not read yet
constinit std::optional<interrupts::Line> line;

std::optional<bus::devicetree::Node> timer_node() noexcept {
    return bus::devicetree::find("arm,armv8-timer\0arm,armv7-timer"sv);
}

[[gnu::noinline]] void choose() noexcept {
    std::uint32_t hertz = arch::GenericTimer::frequency();
    if (hertz == 0)
        if (const auto node = timer_node()) hertz = node->number("clock-frequency").value_or(0);
    if (hertz == 0) panic("no usable clock"sv);
    scale = Scale::of(hertz);
}

void start() noexcept {
    constexpr std::size_t virtual_timer = 2;  // after the secure and the physical one
    const auto node = timer_node();
    if (!node) panic("no timer in the device tree"sv);
    const auto specifier = node->interrupt(virtual_timer);
    if (!specifier) panic("no interrupt for the timer"sv);
    // The event itself is what ends the wait.
    auto created = interrupts::Line::create(
        specifier->view(), [](void*) noexcept { arch::GenericTimer::disarm(); }, nullptr);
    if (!created) panic("the timer's interrupt cannot be had"sv);
    line.emplace(std::move(*created));
}

}  // namespace

Instant Monotonic::now() noexcept {
    if (scale.multiplier == 0) [[unlikely]]
        choose();
    return Instant(Duration(scale.nanoseconds(arch::Cycles::read())));
}

void clock::interrupt_at(Instant deadline) noexcept {
    if (!line) start();
    if (deadline == never) {
        arch::GenericTimer::disarm();
    } else {
        const Duration left = std::max(deadline - Monotonic::now(), Duration());
        constexpr Duration most(std::numeric_limits<std::uint32_t>::max());
        // One more tick than rounding down leaves, so that the deadline is past when it wakes.
        const std::uint64_t ticks = scale.ticks(static_cast<std::uint32_t>(std::min(left, most).count()));
        arch::GenericTimer::arm(arch::Cycles::read() + ticks + (left == Duration() ? 0 : 1));
    }
}

void clock::idle_until(Instant deadline) noexcept {
    interrupt_at(deadline);
    platform::Interrupts::unmask_and_wait();
}

}  // namespace unicore::time
