// SPDX-License-Identifier: BSD-3-Clause
#include "cp0_clock.hpp"

#include <unicore/arch/mips/cp0.hpp>
#include <unicore/interrupts.hpp>
#include <unicore/time/clock.hpp>

#include <optional>
#include <span>
#include <string_view>
#include <utility>

namespace unicore::time {
namespace {

using namespace std::string_view_literals;

constinit std::optional<interrupts::Line> line;

struct Cpu {
    static std::uint32_t count() noexcept { return arch::mips::Count::read(); }
    static void set_compare(std::uint32_t value) noexcept { arch::mips::Compare::write(value); }
    static void attach(interrupts::Handler handler, void* context) noexcept {
        const std::uint32_t timer = arch::mips::IntCtl::read() >> 29;  // IPTI
        auto created = interrupts::Line::create(std::span(&timer, 1), handler, context);
        if (!created) panic("the timer's interrupt cannot be had"sv);
        line.emplace(std::move(*created));
    }
};

constinit cp0::Cp0Clock<Cpu> cp0_clock;

}  // namespace

Instant Monotonic::now() noexcept { return Instant(Duration(cp0_clock.now())); }

namespace {

/// Negative ones have passed as well.
std::uint64_t nanoseconds(Instant deadline) noexcept {
    const Duration::rep count = deadline.time_since_epoch().count();
    return count < 0 ? 0 : static_cast<std::uint64_t>(count);
}

}  // namespace

void clock::idle_until(Instant deadline) noexcept { cp0_clock.idle_until(nanoseconds(deadline)); }

void clock::interrupt_at(Instant deadline) noexcept { cp0_clock.interrupt_at(nanoseconds(deadline)); }

}  // namespace unicore::time
