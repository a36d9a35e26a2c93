// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <unicore/base/panic.hpp>
#include <unicore/platform/interrupts.hpp>
#include <unicore/time/i8254/measure.hpp>
#include <unicore/time/pvclock/scale.hpp>

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace unicore::time::cp0 {

using pvclock::Scale;
using namespace std::string_view_literals;

/// Whether Count may have this rate: it is the CPU's clock, or a part of it.
constexpr bool plausible(std::uint64_t hertz) noexcept { return hertz >= 1'000'000 && hertz < 4'000'000'000; }

/// The clock that Count makes, and the timer that Compare makes. All times in nanoseconds.
/// `Cpu` has count(), set_compare(value), which also ends the interrupt of the moment before, and
/// attach(handler, context), which lets it interrupt; all static.
template <typename Cpu>
class Cp0Clock {
public:
    /// Context: thread or masked. The first call sleeps some milliseconds to measure Count's rate; panics without an
    /// 8254.
    std::uint64_t now() noexcept {
        if (scale_.multiplier == 0) [[unlikely]]
            choose();
        const platform::MaskGuard masked;
        const std::uint32_t count = Cpu::count();
        ticks_ += count - last_;
        last_ = count;
        return scale_.nanoseconds(ticks_);
    }

    /// As time::clock::idle_until has it. Where the rate is not known yet it only measures that, and returns: whatever
    /// came in while that had the mask open must be looked at before the CPU halts.
    void idle_until(std::uint64_t deadline) noexcept {
        if (scale_.multiplier == 0) return choose();
        arm_for(deadline);
        platform::Interrupts::unmask_and_wait();
    }

    /// As time::clock::interrupt_at has it.
    void interrupt_at(std::uint64_t deadline) noexcept {
        if (scale_.multiplier == 0) choose();
        arm_for(deadline);
    }

private:
    static constexpr std::uint32_t most_ticks = 1 << 30;

    void arm_for(std::uint64_t deadline) noexcept {
        constexpr std::uint64_t most = 0xffff'ffff;  // nanoseconds
        const std::uint64_t before = now();
        const std::uint64_t left = deadline > before ? std::min(deadline - before, most) : 0;
        // One more tick than rounding down leaves, so that the deadline is past when it wakes.
        const std::uint64_t ticks = left == 0 ? 0 : scale_.ticks(static_cast<std::uint32_t>(left)) + 1;
        arm(static_cast<std::uint32_t>(std::min<std::uint64_t>(ticks, most_ticks)));
    }

    static bool reached(std::uint32_t moment) noexcept { return static_cast<std::int32_t>(Cpu::count() - moment) >= 0; }

    /// Sets Compare to a moment that is still to come, `ticks` from now or a little later. Returns it.
    static std::uint32_t arm(std::uint32_t ticks) noexcept {
        constexpr std::uint32_t least = 64;
        for (;; ticks = std::max(least, std::min(2 * ticks, most_ticks))) {
            const std::uint32_t moment = Cpu::count() + ticks;
            Cpu::set_compare(moment);
            if (!reached(moment)) return moment;
        }
    }

    /// Halts until then. Other interrupts may come meanwhile.
    static void wait(std::uint32_t ticks) noexcept {
        const std::uint32_t moment = arm(std::min(ticks, most_ticks));
        do platform::Interrupts::unmask_and_wait();
        while (!reached(moment));
    }

    [[gnu::noinline]] void choose() noexcept {
        constexpr std::uint32_t first = 1 << 15;  // 0.2 ms at 160 MHz, 33 ms at 1 MHz
        const platform::MaskGuard masked;
        if (!attached_) {
            // The event itself is what ends the wait; the next one is as far away as it can be.
            Cpu::attach([](void*) noexcept { Cpu::set_compare(Cpu::count() - 1); }, nullptr);
            attached_ = true;
        }
        const std::uint64_t hertz = i8254::measure([] noexcept { return Cpu::count(); }, wait, first);
        if (scale_.multiplier != 0) return;  // an interrupt handler looked at the clock meanwhile
        if (!plausible(hertz)) panic("no usable clock"sv);
        last_ = Cpu::count();
        scale_ = Scale::of(hertz);
    }

    Scale scale_;  ///< a multiplier of 0: not measured yet
    std::uint32_t last_ = 0;
    std::uint64_t ticks_ = 0;
    bool attached_ = false;
};

}  // namespace unicore::time::cp0
